import { expect, test } from 'vitest';
import { mergeModels } from './merge-models.ts';

const shipped = `import { z } from '@tenon/runtime';

const Address = z.object({ city: z.string() });

/** A customer. */
export const Customer = z.object({ id: z.string(), address: Address });

export const Invoice = z.object({ id: z.string() });
`;
const script = (names: string) =>
  `import { defineSync } from '@tenon/runtime';\nimport { ${names} } from '../models.js';\n`;

test('what a new script imports is added, with what it stands on, and what is there stays', async () => {
  const own = "import { z } from '@tenon/runtime';\n\nexport const Invoice = z.object({ id: z.number() });\n";
  expect(await mergeModels({ own, shipped, scripts: [script('Customer, Invoice')] })).toBe(`${own.trimEnd()}

const Address = z.object({ city: z.string() });

/** A customer. */
export const Customer = z.object({ id: z.string(), address: Address });
`);
});

test('the imports that it needs come along', async () => {
  const merged = await mergeModels({ own: 'export const mine = 1;\n', shipped, scripts: [script('Invoice')] });
  expect(merged).toBe(
    "import { z } from '@tenon/runtime';\n\nexport const mine = 1;\n\nexport const Invoice = z.object({ id: z.string() });\n",
  );
});

test('a file that has everything is left alone, as are models that no new script wants', async () => {
  const own = "export { Customer } from './customer.js';\n";
  expect(await mergeModels({ own, shipped, scripts: [script('Customer')] })).toBeUndefined();
  expect(await mergeModels({ own, shipped, scripts: [] })).toBeUndefined();
});
