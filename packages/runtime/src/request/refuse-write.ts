import { TenonError } from '../errors/tenon-error.ts';
import { redact } from './redact.ts';

/** RFC 9110, section 9.2.1; TRACE is sent by nobody. */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request changes nothing by its method alone. */
export function isSafeMethod(method: string): boolean {
  return safeMethods.has(method.toUpperCase());
}

/**
 * Refuses a request that may change something, in a preview that blocks writes; nothing of it was sent.
 * @param request.isRead what the script says of a request whose method does not tell
 * @param receiver where it would go, in words
 * @throws TenonError `preview_write_blocked`
 */
export function refuseWrite(
  request: { readonly method: string; readonly path: string; readonly isRead?: boolean | undefined },
  receiver: string,
): void {
  if (request.isRead ?? isSafeMethod(request.method)) return;
  const method = request.method.toUpperCase();
  const path = redact(request.path, []);
  throw new TenonError(
    'preview_write_blocked',
    `${method} ${path} was not sent to ${receiver}: this preview blocks what may change something there.`,
    {
      hint: 'Allow it for the whole preview with `tenon deploy --preview <name> --allow-writes`, or mark a call that only reads: { isRead: true }.',
      details: { method, path },
    },
  );
}
