import { TenonError, type ErrorCode } from '@tenon/runtime/errors';
import { compareVersions } from './compare-versions.ts';

/** What came back for one call, read to its end. */
export interface ServerAnswer {
  readonly status: number;
  /** By their lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** `GET /v1/runs`, for messages. */
  readonly request: string;
  /** Address of the server that was asked. */
  readonly url: string;
  /** Version of this command line. */
  readonly ownVersion: string;
}

/** The version that a Tenon server says it has, on every answer; undefined: something else answered. */
export function serverVersionOf(answer: ServerAnswer): string | undefined {
  return readHeader(answer, 'tenon-version');
}

/** A header's text; the first where it came several times. */
export function readHeader({ headers }: Pick<ServerAnswer, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Whether a page for people came instead of an answer for programs. */
export function isPage(answer: ServerAnswer): boolean {
  return (
    /^(text\/html|application\/xhtml)/i.test(readHeader(answer, 'content-type') ?? '') ||
    /^\s*<(!doctype|html|head|body)/i.test(answer.body)
  );
}

/** The error for a page of a proxy, a sign-in of a network, or a website: what it calls itself is worth telling. */
export function refusePage(answer: ServerAnswer): TenonError {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(answer.body)?.[1]?.replaceAll(/\s+/g, ' ').trim();
  const page = title ? `the page "${title}"` : 'a web page';
  return new TenonError('server_intercepted', `${answer.request} answered ${answer.status} with ${page}.`, {
    hint: `Something between here and ${answer.url} answers in its place, such as a proxy or the sign-in of a network, or the address is that of a website. Open it in a browser to see what.`,
    details: { status: answer.status, ...(title && { title }) },
  });
}

/** The error for an answer that this version does not understand: it says which side is to be upgraded. */
export function refuseUnknownForm(answer: ServerAnswer, problem: { message: string; details?: object }): TenonError {
  const theirs = serverVersionOf(answer);
  if (theirs === undefined) {
    return new TenonError('server_not_tenon', `What answers at ${answer.url} is not a Tenon server.`, {
      hint: 'Check the address (--url, TENON_URL or the environment in tenon.config.ts), and what stands between.',
      details: { request: answer.request, status: answer.status, problem: problem.message, ...problem.details },
    });
  }
  const order = compareVersions(theirs, answer.ownVersion);
  const code: ErrorCode = order > 0 ? 'cli_too_old' : order < 0 ? 'server_too_old' : 'server_answer_invalid';
  return new TenonError(code, problem.message, {
    hint: upgradeHint(theirs, answer.ownVersion),
    details: { ...problem.details, serverVersion: theirs, cliVersion: answer.ownVersion },
  });
}

/** Which of both sides to upgrade. */
export function upgradeHint(theirs: string, own: string): string {
  const order = compareVersions(theirs, own);
  if (order > 0) return `The server has version ${theirs}, this command line ${own}: upgrade the package tenon.`;
  if (order < 0) return `The server has version ${theirs}, this command line ${own}: upgrade the server.`;
  return `Both sides have version ${own}: this is a bug in Tenon, or something between them changes the answers.`;
}
