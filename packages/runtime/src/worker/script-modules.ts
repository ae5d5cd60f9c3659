import assert from 'node:assert';
import asyncHooks from 'node:async_hooks';
import buffer from 'node:buffer';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as zod from 'zod';
import * as runtime from '../index.ts';
import { TenonError } from '../errors/tenon-error.ts';
import { createFileSystemRefusal } from './file-system-refusal.ts';
import { renewHttpAgents } from './http-agents.ts';
import type { ScriptTimers } from './script-timers.ts';

/**
 * What a script may require of Node. Sockets are among it, since that is what client libraries use: where they may lead
 * is decided below all of these modules (network-guard.ts).
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
  'tls',
  'url',
  'util',
  'util/types',
  'zlib',
]);

export interface ScriptModules {
  /** A run begins: what Node's modules keep for all of a process is made anew. */
  begin(): void;
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
    begin() {
      if (known.has('http') || known.has('https')) renewHttpAgents();
    },
    createRequire: (run) => (specifier) => {
      const name = specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
      if (name === 'process') return run.process;
      if (name === 'timers') return run.timers.module;
      if (name === 'timers/promises') return run.timers.module.promises;
      if (Object.hasOwn(supplied, name)) return supplied[name];
      if (!realModules.has(name)) throw refuse(specifier);
      const module = requireReal(`node:${name}`) as object;
      if (!known.has(name)) {
        known.add(name);
        for (const object of listShared(module)) onReal(object);
      }
      return module;
    },
  };
}

/** A module, its classes and what their instances inherit. */
function listShared(module: object): object[] {
  const classes = Object.values(Object.getOwnPropertyDescriptors(module)).flatMap(({ value }: PropertyDescriptor) => {
    if (typeof value !== 'function') return [];
    const { prototype } = value as { prototype?: object };
    return prototype && Reflect.ownKeys(prototype).length > 1 ? [value as object, prototype] : [];
  });
  return [module, ...classes];
}

function refuse(specifier: string): TenonError {
  return new TenonError('script_incompatible', `A script cannot load "${specifier}".`, {
    hint: 'Scripts run without a file system, processes, threads or native modules. Use another library, or move this work into your app.',
    details: { module: specifier },
  });
}
