import { InvalidArgumentError } from 'commander';

/** The names of a flag such as `--scopes records:read,actions:call`. */
export function splitNames(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.every((part) => part !== '')) return parts;
  throw new InvalidArgumentError('Expected names, separated by commas');
}
