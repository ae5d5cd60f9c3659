import type { z } from 'zod';
import type { Duration } from './duration.ts';
import type { ScriptContext } from './script-context.ts';

/** Errors that an action tells its callers, by code: the shape of each one's payload. */
export type ActionErrors = Record<string, z.ZodType>;

export interface ActionContext<Input, E extends ActionErrors = Record<never, never>> extends ScriptContext {
  readonly input: Input;
  /** Makes an error of `errors`, to be thrown: the app gets its code, its message and its payload, typed. */
  error<Code extends keyof E & string>(code: Code, payload: z.input<E[Code]>, message?: string): Error;
}

export interface ActionOptions<
  I extends z.ZodType,
  O extends z.ZodType,
  E extends ActionErrors = Record<never, never>,
> {
  description?: string;
  /** What this action was called before, in the same integration. */
  renamedFrom?: string;
  input: I;
  output: O;
  /** Codes are lower-case words joined by underscores. */
  errors?: E;
  /** Default 60s. */
  timeout?: Duration;
  run(action: ActionContext<z.output<I>, E>): Promise<z.input<O>> | z.input<O>;
}

export interface ActionDefinition<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  E extends ActionErrors = ActionErrors,
> {
  readonly kind: 'action';
  readonly options: ActionOptions<I, O, E>;
}

/** Declares an action: a call that an app makes through Tenon and waits for. */
export function defineAction<
  I extends z.ZodType,
  O extends z.ZodType,
  const E extends ActionErrors = Record<never, never>,
>(options: ActionOptions<I, O, E>): ActionDefinition<I, O, E> {
  return { kind: 'action', options };
}
