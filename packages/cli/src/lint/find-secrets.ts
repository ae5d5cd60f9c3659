import type { SecretPlace } from './lint-finding.ts';
import { secretInSource } from './rules/secret-in-source.ts';

/**
 * Where a file holds secrets, so that its lines can be printed without them. Reads the text alone, as it is, also where
 * it cannot be compiled. Loads the compiler's API.
 * @param file its path, for the places
 */
export async function findSecrets(text: string, file: string): Promise<SecretPlace[]> {
  const { ts } = await import('ts-morph');
  const source = ts.createSourceFile(file, text, { languageVersion: ts.ScriptTarget.ESNext }, true);
  return [...secretInSource.findFaults({ ts, source, role: 'module' })].map(({ node }) => ({
    file,
    start: node.getStart(),
    end: node.end,
  }));
}
