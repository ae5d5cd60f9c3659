import { Worker } from 'node:worker_threads';
import type { Project } from '../project/project.ts';
import type { LintReport } from './lint-finding.ts';
import { describeLintInput, type LintInput } from './lint-input.ts';

/**
 * Lints a project in a thread of its own, beside the type checker, which is another process, and the bundler.
 * @throws the signal's reason when it is aborted
 */
export async function lintProject(project: Project, { signal }: { signal: AbortSignal }): Promise<LintReport> {
  signal.throwIfAborted();
  const input = describeLintInput(project);
  // From its own source, in tests, there is no thread: Node 20 loads no TypeScript.
  if (import.meta.url.endsWith('.ts')) {
    const { lintFiles } = await import('./lint-files.ts');
    const report = await lintFiles(input);
    signal.throwIfAborted();
    return report;
  }
  return runWorker(input, signal);
}

async function runWorker(input: LintInput, signal: AbortSignal): Promise<LintReport> {
  const worker = new Worker(new URL('lint-worker.js', import.meta.url), { workerData: input });
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<LintReport>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => {
        reject(signal.aborted ? signal.reason : new Error(`The linter ended with ${code} before it was done.`));
      });
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
