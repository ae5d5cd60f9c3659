import { InvalidArgumentError } from 'commander';

/** Reads a flag that takes a whole number from 1. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError('Expected a whole number from 1');
}
