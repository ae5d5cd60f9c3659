import type { Integration } from '@tenon/runtime/contract';

/** A value that has to be set before an integration can be connected. */
export interface MissingValue {
  readonly name: string;
  readonly title: string;
  readonly secret: boolean;
  readonly variable: string;
  /** What to run; the value is asked for, so that it does not stay in the shell's history. */
  readonly command: string;
}

/** What an integration lacks, and the command that sets each. */
export function describeMissing({ values }: Integration, environment?: string): MissingValue[] {
  const flag = environment === undefined ? '' : ` --env ${environment}`;
  return values.flatMap(({ name, title, secret, source, variable }) =>
    source === 'missing' && variable !== null
      ? [{ name, title, secret, variable, command: `tenon env set ${variable}${flag}` }]
      : [],
  );
}
