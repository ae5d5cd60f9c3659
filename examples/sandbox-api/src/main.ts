import { z } from 'zod';
import { readEnvironment } from './environment.ts';
import { startSandboxApi } from './start-sandbox-api.ts';

/** Prints `{"url":"..."}` on one line when it is ready; ends on SIGTERM and SIGINT. */
try {
  const api = await startSandboxApi(readEnvironment(process.env));
  process.stdout.write(`${JSON.stringify({ url: api.url })}\n`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void api.stop());
} catch (error) {
  process.stderr.write(`The sandbox API did not start: ${describeProblem(error)}\n`);
  process.exitCode = 1;
}

function describeProblem(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
