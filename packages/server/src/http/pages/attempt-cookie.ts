import type { FastifyReply } from 'fastify';
import { callbackPath } from '../../integrations/describe-integrations.ts';

/** One for each attempt: a customer may have several windows open. */
export function attemptCookieName(attemptId: string): string {
  return `tenon_attempt_${attemptId.replaceAll('-', '')}`;
}

/**
 * Binds an attempt to the browser that started it. `Lax`, since it has to come along when the provider sends the
 * browser back; out of reach for scripts; sent to the callback only.
 */
export function setAttemptCookie(
  reply: FastifyReply,
  {
    attemptId,
    secret,
    publicUrl,
    expiresAt,
  }: { attemptId: string; secret: string; publicUrl: string; expiresAt: string },
): void {
  const { protocol, pathname } = new URL(publicUrl + callbackPath);
  reply.setCookie(attemptCookieName(attemptId), secret, {
    path: pathname,
    httpOnly: true,
    sameSite: 'lax',
    secure: protocol === 'https:',
    expires: new Date(expiresAt),
  });
}
