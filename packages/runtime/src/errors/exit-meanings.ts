import type { exitCodes } from './error-definition.ts';

/** What each exit code of the command line says. */
export const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: 'Done.',
  unexpected: 'Something failed that Tenon did not foresee.',
  changesPending: 'A check found changes that are pending.',
  compile: 'Types or bundling failed.',
  validation: 'A project, an input or a contract is invalid.',
  planRefused: 'A deployment plan was refused or is stale.',
  auth: 'Credentials or API key refused.',
  server: 'The server, the network or a provider failed.',
  interrupted: 'Interrupted.',
};
