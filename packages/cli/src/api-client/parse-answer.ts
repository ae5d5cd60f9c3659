import { TenonError } from '@tenon/runtime/errors';
import type { z } from 'zod';
import { isPage, readHeader, refusePage, refuseUnknownForm, type ServerAnswer } from './server-answer.ts';

/**
 * Reads an answer of 2xx by the contract. Fields that the contract does not have, of a newer server, are left out.
 * @throws TenonError `server_intercepted`, `server_answer_not_json`, `server_answer_truncated`, `server_answer_invalid`,
 * `server_not_tenon`, `cli_too_old`, `server_too_old`
 */
export function parseAnswer<Schema extends z.ZodType>(answer: ServerAnswer, schema: Schema): z.output<Schema> {
  if (isPage(answer)) throw refusePage(answer);
  const parsed = schema.safeParse(answer.body === '' ? undefined : readJson(answer));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const path = first?.path.join('.') || 'the whole answer';
  throw refuseUnknownForm(answer, {
    message: `${answer.request} answered with a bad ${path}: ${first?.message}.`,
    details: {
      issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
    },
  });
}

function readJson(answer: ServerAnswer): unknown {
  const type = readHeader(answer, 'content-type') ?? 'no type';
  if (!/\bjson\b/i.test(type)) {
    throw new TenonError('server_answer_not_json', `${answer.request} answered with ${type} instead of JSON.`, {
      hint: `Check that ${answer.url} is the address of a Tenon server, and what stands between.`,
      details: { contentType: type },
    });
  }
  try {
    return JSON.parse(answer.body) as unknown;
  } catch (cause) {
    if (!endsTooEarly(answer.body, cause)) {
      throw refuseUnknownForm(answer, { message: `${answer.request} answered with something that is not JSON.` });
    }
    throw new TenonError('server_answer_truncated', `The answer to ${answer.request} ends in the middle.`, {
      hint: 'Something between here and the server cuts answers short: look at the limits of proxies, or try again.',
      details: { length: answer.body.length },
      cause,
    });
  }
}

/** V8 tells the position of what it did not expect; at the end of the text it says so in words. */
function endsTooEarly(text: string, cause: unknown): boolean {
  const { message } = cause as Error;
  const position = /at position (\d+)/.exec(message)?.[1];
  return /end of JSON input/i.test(message) || (position !== undefined && Number(position) >= text.length);
}
