import { defineAction, z } from '@tenon/runtime';

/** https://developers.hubspot.com/docs/api-reference/latest/crm/objects/companies/guide#update-companies */
export default defineAction({
  description: 'Changes a company; what is left out stays as it is',
  input: z.object({
    id: z.string(),
    name: z.string().optional(),
    domain: z.string().optional(),
    industry: z.string().optional().describe('Internal name of an industry, such as COMPUTER_SOFTWARE.'),
    city: z.string().optional(),
    country: z.string().optional(),
    employees: z.number().int().nonnegative().optional(),
  }),
  output: z.object({ id: z.string(), updatedAt: z.iso.datetime() }),
  async run(action) {
    const { id, employees, ...properties } = action.input;
    const { data } = await action.patch<{ id: string; updatedAt: string }>(
      `/crm/objects/2026-03/companies/${encodeURIComponent(id)}`,
      { properties: { ...properties, numberofemployees: employees } },
      // The same change twice is one change, so a failed attempt may be repeated.
      { retry: true },
    );
    return { id: data.id, updatedAt: data.updatedAt };
  },
});
