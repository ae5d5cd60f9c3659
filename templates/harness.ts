import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { loadProvider, type Provider } from '@tenon/runtime/provider';
import type { Exchange } from '@tenon/runtime/testing';

export interface Template {
  readonly provider: Provider;
  /** The exchanges of `fixtures/<name>.json`. */
  fixture(name: string): Exchange[];
}

/** Names of the providers here: each folder with a provider.yaml. Sorted. */
export function listProviders(): string[] {
  return readdirSync(new URL('./', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(new URL(`./${entry.name}/provider.yaml`, import.meta.url)))
    .map((entry) => entry.name)
    .sort();
}

/** Names of the providers that come with scripts to start from. */
export function listStarters(): string[] {
  return listProviders().filter((name) => existsSync(new URL(`./${name}/syncs/`, import.meta.url)));
}

/** What the tests of one template need. */
export function openTemplate(name: string): Template {
  const folder = new URL(`./${name}/`, import.meta.url);
  const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');
  return {
    provider: loadProvider(read('provider.yaml'), `templates/${name}/provider.yaml`),
    // runSyncInMemory and runActionInMemory check the shape.
    fixture: (fixture) => JSON.parse(read(`fixtures/${fixture}.json`)) as Exchange[],
  };
}

/** Records as a list, in the order in which they were saved. */
export function listRecords(records: Map<string, Map<string, Record<string, unknown>>>, model: string) {
  return [...(records.get(model)?.values() ?? [])];
}
