import type { AskServer } from '../execute/script-environment.ts';
import type { RunRedactor } from './run-redactor.ts';

/** Asks the server, and takes the secrets that it answers out of what the run says of itself from then on. */
export function askRedacted(ask: AskServer, redactor: Pick<RunRedactor, 'addValue'>): AskServer {
  return async (question) => {
    const answer = await ask(question);
    if (question.kind === 'variable' && typeof answer === 'string') redactor.addValue(answer);
    if (question.kind === 'credentials') {
      for (const value of Object.values(answer as Record<string, string>)) redactor.addValue(value);
    }
    return answer;
  };
}
