// The provider format for editors, from the schema that the runtime itself checks with.
import { writeFile } from 'node:fs/promises';
import { createProviderJsonSchema } from '../dist/provider/provider-json-schema.js';

const target = new URL('../dist/provider.schema.json', import.meta.url);
await writeFile(target, `${JSON.stringify(createProviderJsonSchema(), null, 2)}\n`);
