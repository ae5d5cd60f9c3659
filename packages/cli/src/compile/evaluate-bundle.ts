import { Console } from 'node:console';
import { createRequire, isBuiltin, SourceMap } from 'node:module';
import { compileFunction, constants, createContext, runInContext } from 'node:vm';
import { TenonError } from '@tenon/runtime/errors';

/** Top-level code declares things; what takes longer waits for something or loops. */
const evaluationTimeoutMs = 10_000;

/**
 * Evaluates a bundle and returns its exports.
 * @throws TenonError `definition_invalid` with file and line when its top-level code throws, exits or does not end
 */
export type Evaluate = (code: string, source: string) => Record<string, unknown>;

/**
 * Prepares evaluating bundles in this process. That is no sandbox: it is the user's own code on the user's own
 * machine; the server has its isolated processes.
 */
export async function createEvaluator({ timeoutMs = evaluationTimeoutMs } = {}): Promise<Evaluate> {
  const require = createScriptRequire({ '@tenon/runtime': await import('@tenon/runtime'), zod: await import('zod') });
  // What scripts print must not mix with the command's own answer on stdout.
  const console = new Console({ stdout: process.stderr, stderr: process.stderr });
  const guard = createContext({ call: () => {} });

  return (code, source) => {
    const module = { exports: {} as Record<string, unknown> };
    const exit = process.exit;
    process.exit = (() => {
      throw new Error('process.exit() was called');
    }) as typeof process.exit;
    try {
      const run = compileFunction(code, ['exports', 'require', 'module', 'console'], {
        filename: source,
        importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      });
      guard['call'] = () => run(module.exports, require, module, console);
      // vm can stop what runs under it, here through another context, where a plain call could not be stopped.
      runInContext('call()', guard, { timeout: timeoutMs });
      return module.exports;
    } catch (error) {
      throw describeFailure(error, { code, source });
    } finally {
      process.exit = exit;
    }
  };
}

/** Node's own modules and what the server supplies; everything else is inside the bundle. */
function createScriptRequire(supplied: Record<string, unknown>): (id: string) => unknown {
  const nativeRequire = createRequire(import.meta.url);
  return (id) => {
    if (Object.hasOwn(supplied, id)) return supplied[id];
    if (isBuiltin(id)) return nativeRequire(id);
    throw new Error(`Cannot find "${id}": only packages that are imported by a literal name are bundled`);
  };
}

function describeFailure(error: unknown, bundle: { code: string; source: string }): TenonError {
  const isTimeout = readProperty(error, 'code') === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
  const reason = isTimeout ? 'its top-level code did not end in time' : String(readProperty(error, 'message') ?? error);
  const place = isTimeout ? undefined : findThrowingPlace(error, bundle);
  const file = place?.file ?? bundle.source;
  return new TenonError('definition_invalid', `${file}${place ? `:${place.line}` : ''}  ${reason}`, {
    hint: 'Scripts are evaluated to read what they declare: move work that can fail or wait into run().',
    cause: error,
    details: { problems: [{ code: 'definition_invalid', message: reason, file, ...(place && { line: place.line }) }] },
  });
}

/** Errors can come from the guard's realm, so `instanceof` is not asked. */
function readProperty(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}

/** Reads the first frame of the stack that lies in the bundle and maps it back to the file that the user wrote. */
function findThrowingPlace(
  error: unknown,
  bundle: { code: string; source: string },
): { file: string; line: number } | undefined {
  const stack = String(readProperty(error, 'stack') ?? '');
  const start = stack.indexOf(`${bundle.source}:`);
  const [, line, column] =
    start === -1 ? [] : (/^:(\d+)(?::(\d+))?/.exec(stack.slice(start + bundle.source.length)) ?? []);
  if (line === undefined) return undefined;
  const encoded = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(bundle.code)?.[1];
  if (encoded === undefined) return undefined;
  const map = new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')));
  const entry = map.findEntry(Number(line) - 1, Math.max(0, Number(column ?? 1) - 1));
  return 'originalSource' in entry ? { file: entry.originalSource, line: entry.originalLine + 1 } : undefined;
}
