import type { BaseLogger } from 'pino';

/** What the engine writes to the server's own log. */
export type EngineLog = Pick<BaseLogger, 'debug' | 'info' | 'warn' | 'error'>;
