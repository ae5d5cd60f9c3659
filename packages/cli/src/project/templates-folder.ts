import { fileURLToPath } from 'node:url';

/** The templates that ship with the CLI; scripts/copy-templates.mjs puts them into dist/. */
export const shippedTemplatesFolder = fileURLToPath(
  // From its own source, in tests, they are where the build has put them.
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/templates' : '../templates', import.meta.url),
);
