#!/usr/bin/env node
// `npm create tenon my-app -- --template github` is `tenon init my-app --template github`.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const manifest = createRequire(import.meta.url).resolve('tenon/package.json');
process.argv.splice(2, 0, 'init');
await import(pathToFileURL(join(dirname(manifest), 'bin/tenon.js')).href);
