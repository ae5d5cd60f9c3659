import assert from 'node:assert';
import asyncHooks from 'node:async_hooks';
import buffer from 'node:buffer';
import { createRequire } from 'node:module';
import path from 'node:path';
import timers from 'node:timers';
import * as zod from 'zod';
import * as runtime from '../index.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { createFileSystemRefusal } from './file-system-refusal.ts';
import type { ScriptTimers } from './script-timers.ts';

/**
 * What a script may require of Node. Sockets are allowed: Node 20's permission flags do not cover them, so refusing
 * net here would only look like a boundary.
 */
const realModules = new Set([
  'assert/strict',
  'crypto',
  'dns',
  'dns/promises',
  'events',
  'http',
  'http2',
  'https',
  'net',
  'path/posix',
  'path/win32',
  'punycode',
  'querystring',
  'stream',
  'stream/consumers',
  'stream/promises',
  'stream/web',
  'string_decoder',
  'timers/promises',
  'tls',
  'url',
  'util',
  'util/types',
  'zlib',
]);

export interface ScriptModules {
  /** The `require` of one run. */
  createRequire(run: { process: object; timers: ScriptTimers }): (specifier: string) => unknown;
}

/**
 * @param onReal called with each module object of Node that scripts of this process may now change
 */
export function createScriptModules(onReal: (module: object) => void): ScriptModules {
  const requireReal = createRequire(import.meta.url);
  const suppliedZod = Object.freeze({ ...zod, __esModule: true });
  const supplied: Record<string, unknown> = {
    '@tenon/runtime': Object.freeze({ ...runtime, __esModule: true }),
    zod: suppliedZod,
    'zod/v4': suppliedZod,
    assert,
    // createHook and executionAsyncResource would show the handles of the process, the channel among them.
    async_hooks: Object.freeze({
      AsyncLocalStorage: asyncHooks.AsyncLocalStorage,
      AsyncResource: asyncHooks.AsyncResource,
      executionAsyncId: asyncHooks.executionAsyncId,
    }),
    buffer,
    fs: createFileSystemRefusal(),
    'fs/promises': createFileSystemRefusal(),
    // Read by libraries when they are loaded; the machine itself is none of a script's business.
    os: Object.freeze({
      EOL: '\n',
      platform: () => 'linux',
      type: () => 'Linux',
      arch: () => 'x64',
      release: () => '',
      hostname: () => 'localhost',
      cpus: () => [],
      homedir: () => '/',
      tmpdir: () => '/tmp',
      endianness: () => 'LE',
    }),
    path,
    tty: Object.freeze({ isatty: () => false }),
  };
  const known = new Set<string>();

  return {
    createRequire: (run) => (specifier) => {
      const name = specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
      if (name === 'process') return run.process;
      if (name === 'timers') return { ...timers, ...run.timers };
      if (Object.hasOwn(supplied, name)) return supplied[name];
      if (!realModules.has(name)) throw refuse(specifier);
      const module = requireReal(`node:${name}`) as object;
      if (!known.has(name)) {
        known.add(name);
        onReal(module);
      }
      return module;
    },
  };
}

function refuse(specifier: string): TenonError {
  return new TenonError('script_incompatible', `A script cannot load "${specifier}".`, {
    hint: 'Scripts run without a file system, processes, threads or native modules. Use another library, or move this work into your app.',
    details: { module: specifier },
  });
}
