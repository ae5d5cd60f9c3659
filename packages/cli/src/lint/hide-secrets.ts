import type { SecretPlace } from './lint-finding.ts';

/** Covers what lies between the quotes of each secret; lines and columns stay where they are. */
export function hideSecrets(
  text: string,
  { file, secrets }: { file: string | undefined; secrets: readonly SecretPlace[] },
): string {
  let shown = text;
  for (const secret of secrets) {
    if (secret.file !== file) continue;
    const covered = shown.slice(secret.start + 1, secret.end - 1).replaceAll(/[^\r\n]/g, '*');
    shown = `${shown.slice(0, secret.start + 1)}${covered}${shown.slice(secret.end - 1)}`;
  }
  return shown;
}
