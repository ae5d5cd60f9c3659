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
  { attemptId, secret, secure, expiresAt }: { attemptId: string; secret: string; secure: boolean; expiresAt: string },
): void {
  reply.setCookie(attemptCookieName(attemptId), secret, {
    path: callbackPath,
    httpOnly: true,
    sameSite: 'lax',
    secure,
    expires: new Date(expiresAt),
  });
}
