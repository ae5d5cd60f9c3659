import { TenonError } from '../errors/tenon-error.ts';
import { findSecrets } from './find-secrets.ts';

/**
 * The last look before a recording is written.
 * @param options `secrets`: values that are secret for sure; `allowed`: paths that somebody looked at
 * @throws TenonError `recording_secret` with the path and the kind of each, never the value
 */
export function refuseSecrets(
  recording: unknown,
  options: { secrets?: readonly string[]; allowed?: readonly string[] },
): void {
  const found = findSecrets(recording, options);
  const [first] = found;
  if (first === undefined) return;
  const list = found
    .slice(0, 10)
    .map(({ path, kind }) => `${path} (${kind})`)
    .join(', ');
  throw new TenonError('recording_secret', `The recording would hold what looks like a secret: ${list}.`, {
    hint: `Nothing was written. If it is none: \`--allow-secret '${first.path}'\`.`,
    details: { secrets: found },
  });
}
