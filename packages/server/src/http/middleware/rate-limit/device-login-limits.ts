import { TenonError } from '@tenon/runtime/errors';
import { createTokenBuckets, type TakenToken } from './token-buckets.ts';

/** What keeps people from trying the codes of logins. */
export interface DeviceLoginLimits {
  /** Counts a question for a key. @throws TenonError `rate_limited` */
  countQuestion(network: string): void;
  /** @throws TenonError `rate_limited` when one of these has tried too many codes that there are not */
  requirePatience(guessers: readonly string[]): void;
  countWrongCode(guessers: readonly string[]): void;
}

/** Twenty command lines of an office wait at once, each asking every five seconds. */
const questions = { perSecond: 4, burst: 60 };
/** A person mistypes a code a few times. */
const wrongCodes = { perSecond: 1 / 60, burst: 10 };

/** Counts in the memory of this process. @param now milliseconds */
export function createDeviceLoginLimits(now: () => number): DeviceLoginLimits {
  const asked = createTokenBuckets({ ...questions, now });
  const wrong = createTokenBuckets({ ...wrongCodes, now });
  return {
    countQuestion(network) {
      const taken = asked.take(network);
      if (!taken.allowed) throw tooMany('questions for the keys of logins', taken);
    },
    requirePatience(guessers) {
      for (const guesser of guessers) {
        const left = wrong.look(guesser);
        if (!left.allowed) throw tooMany('wrong codes of logins', left);
      }
    },
    countWrongCode(guessers) {
      for (const guesser of guessers) wrong.take(guesser);
    },
  };
}

function tooMany(what: string, { retryAfterMs }: TakenToken): TenonError {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1_000));
  return new TenonError('rate_limited', `There were too many ${what}.`, {
    hint: `Try again in ${retryAfterSeconds} s.`,
    details: { retryAfterSeconds },
  });
}
