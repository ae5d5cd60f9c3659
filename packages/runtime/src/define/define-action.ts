import type { z } from 'zod';
import type { Duration } from './duration.ts';
import type { ScriptContext } from './script-context.ts';

export interface ActionContext<Input> extends ScriptContext {
  readonly input: Input;
}

export interface ActionOptions<I extends z.ZodType, O extends z.ZodType> {
  description?: string;
  input: I;
  output: O;
  /** Default 60s. */
  timeout?: Duration;
  run(action: ActionContext<z.output<I>>): Promise<z.input<O>> | z.input<O>;
}

export interface ActionDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'action';
  readonly options: ActionOptions<I, O>;
}

/** Declares an action: a call that an app makes through Tenon and waits for. */
export function defineAction<I extends z.ZodType, O extends z.ZodType>(
  options: ActionOptions<I, O>,
): ActionDefinition<I, O> {
  return { kind: 'action', options };
}
