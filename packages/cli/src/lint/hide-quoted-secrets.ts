import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findSecrets } from './find-secrets.ts';
import { nameTokenShape } from './rules/secret-in-source.ts';

/** A literal, as compilers quote it: `Type '"text"' is not assignable to type 'number'`. */
const quoted = /"((?:[^"\\\n]|\\.)+)"/g;

interface Message {
  /** From the project's root. */
  readonly file?: string | undefined;
  readonly message: string;
}

/** Covers the secrets of source files that messages of a compiler quote, so that they can be printed anywhere. */
export async function hideQuotedSecrets<Told extends Message>(
  messages: readonly Told[],
  root: string,
): Promise<Told[]> {
  const ofFiles = new Map<string, Promise<ReadonlySet<string>>>();
  const secretsOf = (file: string) => {
    const known = ofFiles.get(file) ?? readSecrets(root, file);
    ofFiles.set(file, known);
    return known;
  };
  return await Promise.all(
    messages.map(async (told) => {
      if (!told.message.includes('"')) return told;
      const secrets = told.file === undefined ? new Set<string>() : await secretsOf(told.file);
      const message = told.message.replaceAll(quoted, (literal, text: string) =>
        secrets.has(text) || nameTokenShape(text) !== undefined ? `"${'*'.repeat(text.length)}"` : literal,
      );
      return { ...told, message };
    }),
  );
}

async function readSecrets(root: string, file: string): Promise<ReadonlySet<string>> {
  const text = readText(resolve(root, file));
  const places = text === undefined ? [] : await findSecrets(text, file);
  return new Set(places.map(({ start, end }) => text?.slice(start + 1, end - 1) ?? ''));
}

/** It may be gone by now; the message is worth telling all the same. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
