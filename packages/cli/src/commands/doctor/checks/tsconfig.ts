import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findTypeChecker } from '../../../compile/find-type-checker.ts';
import type { DoctorCheck } from '../doctor-check.ts';

interface CompilerOptions {
  readonly strict?: boolean;
  readonly strictNullChecks?: boolean;
  readonly moduleResolution?: string;
  readonly module?: string;
  readonly types?: readonly string[];
}

/** What makes correct scripts fail, or wrong ones pass. */
export const tsconfig: DoctorCheck = {
  name: 'tsconfig.json',
  about: 'project',
  async run({ root, signal }) {
    if (root === undefined) return { status: 'skipped', found: 'no project to look in' };
    const file = join(root, 'tsconfig.json');
    if (!existsSync(file))
      return { status: 'warning', found: 'there is none', fix: 'Run `tenon init`, which writes one.' };
    const shown = await showConfig(file, signal);
    if (typeof shown === 'string') {
      return { status: 'failed', found: shown, fix: 'Correct tsconfig.json, or what it extends.' };
    }
    const { strict, strictNullChecks, moduleResolution, module: moduleKind } = shown;
    if (/^(node|node10|classic)$/i.test(moduleResolution ?? '')) {
      return {
        status: 'failed',
        found: `moduleResolution ${moduleResolution ?? ''} does not find the entries of @tenon/runtime`,
        fix: 'Write "module": "nodenext", or "moduleResolution": "bundler".',
      };
    }
    if (/^(commonjs|amd|umd|system|none)$/i.test(moduleKind ?? '')) {
      return {
        status: 'warning',
        found: `module ${moduleKind ?? ''} is not what scripts are bundled as`,
        fix: 'Write "module": "nodenext" or "preserve".',
      };
    }
    if (strict === false || strictNullChecks === false || (strict === undefined && strictNullChecks === undefined)) {
      return {
        status: 'warning',
        found: 'strict is off: zod infers every field as optional, and what is missing is not noticed',
        fix: 'Write "strict": true.',
      };
    }
    return { status: 'ok', found: 'strict, with a module resolution that works' };
  },
};

/** The options with everything that is extended, as the compiler itself reads them. */
async function showConfig(file: string, signal: AbortSignal): Promise<CompilerOptions | string> {
  const executable = await findTypeChecker();
  return new Promise((resolve) => {
    execFile(executable, ['--showConfig', '-p', file], { signal, timeout: 20_000 }, (error, stdout) => {
      try {
        const { compilerOptions = {} } = JSON.parse(stdout) as { compilerOptions?: CompilerOptions };
        resolve(compilerOptions);
      } catch {
        const [first = 'it cannot be read'] = (stdout || (error?.message ?? '')).split('\n');
        resolve(first);
      }
    });
  });
}
