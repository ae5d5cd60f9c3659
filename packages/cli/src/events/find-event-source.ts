import { TenonError } from '@tenon/runtime/errors';
import { findProjectRoot } from '../project/find-project-root.ts';
import { loadConfig } from '../project/load-config.ts';
import { shippedTemplatesFolder } from '../project/templates-folder.ts';
import { listSampleEvents } from './list-sample-events.ts';
import type { SampleEvent } from './sample-event.ts';

/** What is to be sent, and to whom. */
export interface EventSource {
  readonly integration: string;
  /** Undefined: the caller has data of its own. */
  readonly sample: SampleEvent | undefined;
  /** Undefined: to every sync that takes events. */
  readonly syncs: readonly string[] | undefined;
}

/**
 * Finds what `<integration>.<sample event>` or `<integration>.<sync>` names. A name that no sample has is a sync's; of
 * a sync the only sample is taken, or data of the caller's own.
 * @throws TenonError `usage_invalid` for a name of another form, `input_needed` when it is not clear which sample
 */
export async function findEventSource(name: string, options: { cwd: string; hasData: boolean }): Promise<EventSource> {
  const [, integration, rest] = /^([^./]+)(?:[./](.+))?$/.exec(name) ?? [];
  if (integration === undefined) {
    throw new TenonError('usage_invalid', `"${name}" does not name <integration>.<event or sync>.`, {
      hint: 'Such as github.issues-opened; `tenon webhooks send --list` lists the events.',
    });
  }
  const samples = await listSamplesOf(integration, options.cwd);
  const sample = samples.find((one) => one.name === rest);
  if (sample !== undefined) {
    return { integration, sample: options.hasData ? { ...sample } : sample, syncs: sample.syncs };
  }
  const syncs = rest === undefined ? undefined : [rest];
  if (options.hasData) return { integration, sample: undefined, syncs };
  const fitting = samples.filter((one) => rest === undefined || (one.syncs?.includes(rest) ?? true));
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return { integration, sample: only, syncs: syncs ?? only.syncs };
  const names = (fitting.length > 0 ? fitting : samples).map((one) => `${integration}.${one.name}`);
  throw new TenonError('input_needed', `Which event should ${name} get?`, {
    hint:
      names.length > 0
        ? `Name one: ${names.join(', ')}; or give the body with --data.`
        : `There is no sample event of ${integration}: give the body with --data, or write integrations/${integration}/webhooks/<name>.json.`,
    details: { events: names },
  });
}

/** Of an integration of the project that the folder belongs to; elsewhere, of the provider of that name. */
export async function listSamplesOf(integration: string, cwd: string): Promise<SampleEvent[]> {
  const { root, providers } = await readIntegrations(cwd);
  const provider = providers.get(integration) ?? integration;
  return listSampleEvents({ root, integration, provider, templatesFolder: shippedTemplatesFolder });
}

/** The integrations of the project, with their providers; none outside of a project. */
export async function readIntegrations(
  cwd: string,
): Promise<{ root: string | undefined; providers: ReadonlyMap<string, string> }> {
  try {
    const root = findProjectRoot(cwd);
    const { integrations } = await loadConfig(root);
    return {
      root,
      providers: new Map(Object.entries(integrations).map(([name, { provider }]) => [name, provider ?? name])),
    };
  } catch (error) {
    if (error instanceof TenonError && error.code === 'project_not_found')
      return { root: undefined, providers: new Map() };
    throw error;
  }
}
