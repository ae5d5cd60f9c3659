import { TenonError } from '@tenon/runtime/errors';
import type { AskingRun } from './ask-handlers.ts';

/** A script reads the models that it declares, and no others. @throws TenonError `model_unknown` */
export async function findOwnDataset({ datasets }: AskingRun, model: string): Promise<number> {
  const own = await datasets();
  const id = own.get(model);
  if (id !== undefined) return id;
  throw new TenonError('model_unknown', `The sync does not declare a model "${model}".`, {
    hint: `It declares ${[...own.keys()].join(', ') || 'none'}.`,
  });
}
