import { TenonError } from '@tenon/runtime/errors';

/** One answer for codes that never were, are too old or were used: whoever guesses learns nothing. */
export function loginOver(): TenonError {
  return new TenonError('login_expired', 'There is no login with this code that waits.', {
    hint: 'Codes are good for ten minutes, and once. Run `tenon login` again for a new one.',
  });
}
