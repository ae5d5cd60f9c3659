import type { RunError } from '../contract/api/runs.ts';
import type { ActiveCredential } from '../provider/credential.ts';
import { redact } from '../request/redact.ts';

export interface RunRedactor {
  /** A renewed credential is as secret as the first. */
  add(credential: ActiveCredential): void;
  /** A value that the script was given, such as a variable. */
  addValue(value: string): void;
  /** Those known so far. */
  secrets(): readonly string[];
  /** Whether a text has one of them in it, as it is or encoded. */
  isIn(text: string): boolean;
  redactText(text: string): string;
  redactError(error: RunError): RunError;
}

/**
 * Takes the run's credential out of what the run says of itself.
 * @param others secrets of the integration that the run was given
 */
export function createRunRedactor(credential: ActiveCredential, others: readonly string[] = []): RunRedactor {
  const secrets = new Set([...Object.values(credential.fields), ...others]);
  const redactText = (text: string): string => redact(text, [...secrets]);
  return {
    add(renewed) {
      for (const secret of Object.values(renewed.fields)) secrets.add(secret);
    },
    addValue(value) {
      secrets.add(value);
    },
    secrets: () => [...secrets],
    isIn: (text) =>
      [...secrets].some(
        (secret) =>
          secret.length >= shortestSecret &&
          (text.includes(secret) ||
            text.includes(encodeURIComponent(secret)) ||
            text.includes(JSON.stringify(secret).slice(1, -1))),
      ),
    redactText,
    redactError({ message, hint, stack, details, ...rest }) {
      return {
        ...rest,
        message: redactText(message),
        ...(hint === undefined ? {} : { hint: redactText(hint) }),
        ...(stack === undefined ? {} : { stack: redactText(stack) }),
        ...(details === undefined ? {} : { details: redactDetails(details, redactText) }),
      };
    },
  };
}

/** Shorter values would be found in every text. */
const shortestSecret = 4;
const maxDetailsLength = 20_000;

function redactDetails(
  details: Record<string, unknown>,
  redactText: (text: string) => string,
): Record<string, unknown> {
  try {
    const json = redactText(JSON.stringify(details));
    return json.length > maxDetailsLength ? {} : (JSON.parse(json) as Record<string, unknown>);
  } catch {
    // Details that a script made may not be JSON; the message stands without them.
    return {};
  }
}
