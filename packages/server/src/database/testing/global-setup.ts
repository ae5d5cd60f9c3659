import type { TestProject } from 'vitest/node';
import { startTestDatabaseServer } from './test-database-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the server that makes test databases. */
    testDatabaseServer: string;
  }
}

/** Vitest's global set-up: the tests' Postgres, or the server at TENON_TEST_DATABASE_URL instead. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestDatabaseServer(process.env['TENON_TEST_DATABASE_URL']);
  project.provide('testDatabaseServer', server.url);
  return () => server.stop();
}
