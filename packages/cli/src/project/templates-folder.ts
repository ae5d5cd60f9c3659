import { fileURLToPath } from 'node:url';

/** The templates that ship with the CLI; scripts/copy-templates.mjs puts them into dist/. */
export const shippedTemplatesFolder = fileURLToPath(new URL('../templates', import.meta.url));
