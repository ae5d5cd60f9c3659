import type { AuthOf } from '../../provider/auth/provider-auth.ts';
import { readPath } from '../../provider/read-path.ts';
import type { WireAnswer } from '../../request/send-once.ts';

type Step = AuthOf<'token_exchange'>['steps'][number];

/** The body as JSON, or as the text that it is. */
export function readBody({ body }: Pick<WireAnswer, 'body'>): unknown {
  const text = body
    .toString('utf8')
    .replace(/^\u{FEFF}/u, '')
    .trim();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Several Set-Cookie headers arrive joined by commas, which stand in no cookie's value (RFC 6265 section 4.1.1). */
function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(/,\s*/)) {
    const [pair = ''] = part.split(';');
    const equals = pair.indexOf('=');
    if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

function readOne(answer: WireAnswer, data: unknown, { from, path }: Step['capture'][string]): unknown {
  switch (from) {
    case 'header':
      return answer.headers[path.toLowerCase()];
    case 'cookie':
      return readCookie(answer.headers['set-cookie'] ?? '', path);
    case 'body':
      return path === '$' ? data : readPath(data, path);
  }
}

/** Reads what a step captures. Blank values are absent ones: they are listed in `missing`. */
export function readCaptures(
  answer: WireAnswer,
  capture: Step['capture'],
): { values: Record<string, string>; missing: string[] } {
  const data = readBody(answer);
  const values: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, rule] of Object.entries(capture)) {
    const value = readOne(answer, data, rule);
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    if (text === '') missing.push(`${name} (${rule.from} ${rule.path})`);
    else values[name] = text;
  }
  return { values, missing };
}
