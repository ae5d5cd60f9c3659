import { z } from 'zod';
import { providerSchema } from './provider-schema.ts';

/**
 * The provider format as JSON Schema, for editors: they complete names, values and defaults, and show descriptions.
 * Draft 7, which yaml-language-server reads best. What templates may name, and what belongs together, only
 * `loadProvider` checks.
 */
export function createProviderJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(providerSchema, { io: 'input', target: 'draft-7', reused: 'inline' });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'provider.yaml',
    description: 'An external API: how it is authorised, paged, limited and verified. See docs/providers.md.',
    ...(schema as Record<string, unknown>),
  };
}
