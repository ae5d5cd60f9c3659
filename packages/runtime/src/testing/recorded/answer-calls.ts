import { isDeepStrictEqual } from 'node:util';
import { TenonError } from '../../errors/tenon-error.ts';
import type { Recording } from '../../recording/recording-schema.ts';

/** What `callAction` reaches in a replay: the recorded answers, each once, for the recorded inputs. */
export function answerCalls(calls: NonNullable<Recording['calls']>): Record<string, (input: unknown) => unknown> {
  const left = [...calls];
  const names = new Set(calls.map(({ action }) => action));
  const answer = (name: string) => (input: unknown) => {
    const place = left.findIndex((call) => call.action === name && isDeepStrictEqual(call.input, input));
    const [call] = place === -1 ? [] : left.splice(place, 1);
    if (call !== undefined) return call.output;
    throw new TenonError('replay_unmatched', `A call of the action ${name} with this input is not in the recording.`, {
      hint: 'Record again, or correct what the script gives to callAction.',
      details: { action: name },
    });
  };
  return Object.fromEntries([...names].map((name) => [name, answer(name)]));
}
