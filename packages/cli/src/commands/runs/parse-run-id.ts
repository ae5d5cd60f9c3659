import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

/** Reads a run's id as an argument. */
export function parseRunId(text: string): string {
  if (z.guid().safeParse(text).success) return text;
  throw new InvalidArgumentError("That is no run's id; `tenon runs list` shows them.");
}
