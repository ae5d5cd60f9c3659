import type { FastifyReply } from 'fastify';
import { TenonError } from '@tenon/runtime/errors';

/** A signal that is aborted when the connection closes before the answer was written. */
export function disconnectSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const close = (): void => {
    if (reply.raw.writableFinished) return;
    controller.abort(new TenonError('interrupted', 'The client went away before it was answered.'));
  };
  if (reply.raw.destroyed) close();
  else reply.raw.once('close', close);
  return controller.signal;
}
