import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TenonError } from '../../errors/tenon-error.ts';
import { loadProvider } from '../../provider/load-provider.ts';
import type { Provider } from '../../provider/provider-schema.ts';

const configName = 'tenon.config.ts';

/**
 * Finds a provider for a test as `tenon` does: providers/<name>.yaml of the project that a file lies in, else the one
 * that the installed CLI ships.
 * @param file a file of the project
 * @throws TenonError `provider_unknown`, `provider_invalid`
 */
export async function findProvider(name: string, file: string): Promise<Provider> {
  const root = findRoot(dirname(file));
  const own = join(root, 'providers', `${name}.yaml`);
  if (existsSync(own)) return loadProvider(await readFile(own, 'utf8'), `providers/${name}.yaml`);
  const shipped = findShipped(root, name);
  if (shipped !== undefined) return loadProvider(await readFile(shipped, 'utf8'), `templates/${name}/provider.yaml`);
  throw new TenonError('provider_unknown', `The provider "${name}" of the recording was not found from ${root}.`, {
    hint: `Install \`tenon\` in the project, write providers/${name}.yaml, or give \`provider\` to the replay.`,
  });
}

function findRoot(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, configName))) return at;
    if (dirname(at) === at) return folder;
  }
}

function findShipped(root: string, name: string): string | undefined {
  try {
    const cli = dirname(createRequire(join(root, 'package.json')).resolve('tenon/package.json'));
    const file = join(cli, 'dist', 'templates', name, 'provider.yaml');
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined; // The CLI is not installed here.
  }
}
