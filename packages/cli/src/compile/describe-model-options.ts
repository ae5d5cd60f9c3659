import { modelNameSchema, type SyncManifest } from '@tenon/runtime/contract';
import { findUnknownKeys } from './find-unknown-keys.ts';
import { openSchema } from './open-schema.ts';
import type { Reporter } from './problem-reporter.ts';
import { isObject } from './read-definition.ts';
import { hasPath } from './schema-path.ts';

type Models = SyncManifest['models'];

const contracts = ['discard', 'evolve', 'freeze'];

/** Checks the options of models, and opens the schemas of those that take fields which they do not declare. */
export function describeModelOptions(
  given: unknown,
  { models, reporter }: { models: Models; reporter: Reporter },
): Models {
  if (given === undefined) return models;
  if (!isObject(given)) {
    reporter.report('modelOptions has options by model.', { at: ['modelOptions'] });
    return models;
  }
  for (const name of Object.keys(given)) {
    if (models.some((model) => model.name === name)) continue;
    reporter.report(`modelOptions names ${name}, which is no model of the sync.`, {
      at: ['modelOptions', name],
      hint: `Its models are ${models.map((model) => model.name).join(', ')}.`,
    });
  }
  return models.map((model) => {
    const options = given[model.name];
    return options === undefined ? model : describeOptions(model, { options, reporter });
  });
}

function describeOptions(
  model: Models[number],
  { options, reporter }: { options: unknown; reporter: Reporter },
): Models[number] {
  const at = ['modelOptions', model.name];
  if (!isObject(options)) {
    reporter.report(`The options of ${model.name} are not an object.`, { at });
    return model;
  }
  const unknown = findUnknownKeys(options, ['contract', 'volatile', 'version', 'renamedFrom']);
  if (unknown !== undefined) reporter.report(`${at.join('.')}: ${unknown}`, { at });
  const { contract = 'discard', volatile = [], version, renamedFrom } = options;
  if (!contracts.includes(String(contract))) {
    reporter.report("contract is 'discard', 'evolve' or 'freeze'.", { at: [...at, 'contract'] });
  }
  const isOpen = contract === 'evolve';
  if (!Array.isArray(volatile) || !volatile.every((path) => typeof path === 'string')) {
    reporter.report('volatile is a list of paths.', {
      at: [...at, 'volatile'],
      hint: "Write `volatile: ['stats.views']`.",
    });
  } else {
    // What an open model does not declare may be there all the same.
    const missing = isOpen ? [] : volatile.filter((path: string) => !hasPath(model.schema, path.split('.')));
    for (const path of missing) {
      reporter.report(`Model ${model.name} has no "${path}", which is said to be volatile.`, {
        at: [...at, 'volatile'],
        hint: 'Name paths of the model, dot-separated; a path leads through lists to their elements.',
      });
    }
    if (volatile.includes('id')) {
      reporter.report('The id of a record cannot be volatile.', { at: [...at, 'volatile'] });
    }
  }
  if (version !== undefined && (typeof version !== 'string' || (!isOpen && !hasPath(model.schema, [version])))) {
    reporter.report(`Model ${model.name} has no "${String(version)}", which is said to be its version.`, {
      at: [...at, 'version'],
      hint: 'Name a field of the model that grows: a number, or an ISO 8601 time.',
    });
  }
  const oldName = renamedFrom === undefined ? undefined : modelNameSchema.safeParse(renamedFrom);
  if (oldName?.success === false || oldName?.data === model.name) {
    reporter.report(`renamedFrom of ${model.name} is not an earlier name of the model.`, {
      at: [...at, 'renamedFrom'],
      hint: "Write what it was called, such as renamedFrom: 'Issue'.",
    });
  }
  return {
    ...model,
    ...(oldName?.success && { renamedFrom: oldName.data }),
    ...(isOpen && { schema: openSchema(model.schema) }),
  };
}
