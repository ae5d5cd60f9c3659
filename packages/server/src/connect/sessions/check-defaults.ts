import type { ConnectSessionRequest, Manifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { captureOf, findFieldProblems, type ProviderField } from '@tenon/runtime/provider';
import { findProvider } from '../../deployments/find-provider.ts';

/**
 * Checks what the app fills in for its customer, who could not correct it.
 * @throws TenonError `not_found` for an integration that is not deployed, `request_invalid` naming each value
 */
export function checkDefaults(manifest: Manifest, { defaults }: ConnectSessionRequest): void {
  const problems = Object.entries(defaults).flatMap(([integration, { config = {} }]) => {
    const provider = findProvider(manifest, integration);
    const known: Record<string, ProviderField> = { ...provider.connection };
    for (const [name, { pattern }] of Object.entries(captureOf(provider.auth))) {
      known[name] ??= { title: name, secret: false, optional: true, multiline: false, ...(pattern && { pattern }) };
    }
    // What is left out is asked for.
    const given = Object.fromEntries(Object.entries(known).filter(([name]) => Object.hasOwn(config, name)));
    return findFieldProblems(config, given, `body.defaults.${integration}.config.`);
  });
  const [first] = problems;
  if (!first) return;
  throw new TenonError('request_invalid', `${first.path}: expected ${first.expected}, got ${first.got}.`, {
    hint: "The provider's fields are in its provider.yaml, under connection.",
    details: { problems: problems.map(({ path, expected }) => ({ path, message: `expected ${expected}` })) },
  });
}
