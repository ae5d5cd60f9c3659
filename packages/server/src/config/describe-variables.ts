import { environmentVariablesSchema } from './environment-variables.ts';

export interface VariableDescription {
  readonly name: string;
  readonly description: string;
  /** As it would be written; undefined: none. */
  readonly default: string | undefined;
}

/** The table of the server's environment variables, for the documentation and for `doctor`. */
export function describeVariables(): VariableDescription[] {
  return Object.entries(environmentVariablesSchema.shape).map(([name, schema]) => {
    const initial = schema.safeParse(undefined).data;
    return {
      name,
      description: schema.description ?? '',
      default: initial === undefined ? undefined : String(initial),
    };
  });
}
