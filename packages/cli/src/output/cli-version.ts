import { readFileSync } from 'node:fs';

/** This package's own version. The path is right from src/output and from dist/program. */
export function readCliVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
