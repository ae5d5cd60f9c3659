import { TenonError } from '../errors/tenon-error.ts';

/** Enough for any page of records, and far from what fills a worker's memory. */
export const defaultMaxAnswerBytes = 50_000_000;

/** @throws TenonError `provider_answer_too_large`, always */
export function failTooLarge(maxAnswerBytes: number): never {
  const limit = `${maxAnswerBytes.toLocaleString('en-GB')} bytes`;
  throw new TenonError('provider_answer_too_large', `The provider's answer is larger than ${limit}.`, {
    hint: 'Ask for smaller pages or fewer fields.',
    details: { maxAnswerBytes },
  });
}
