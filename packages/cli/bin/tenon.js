#!/usr/bin/env node
import module from 'node:module';

// Node 22.8 and later: what was compiled once is not compiled again at the next start.
module.enableCompileCache?.();
await import('../dist/program/bin.js');
