import { defineSync, type z } from '@tenon/runtime';
import { Company } from '../models.js';

/** HubSpot leaves out what is not asked for by name. */
const properties = ['name', 'domain', 'industry', 'city', 'country', 'numberofemployees'] as const;

/** https://developers.hubspot.com/docs/api-reference/latest/crm/objects/companies/guide */
interface RawCompany {
  id: string;
  /** Every value is text, numbers too; null: not set. */
  properties: Partial<Record<(typeof properties)[number], string | null>>;
  createdAt: string;
  updatedAt: string;
}

export default defineSync({
  description: 'All companies',
  models: { Company },
  schedule: 'every 1h',
  // The list cannot be asked for changes only, and the search that can stops at 10,000 results: read it whole.
  deletes: 'absence',
  async run(sync) {
    const pages = sync.paginate<RawCompany>('/crm/objects/2026-03/companies', {
      params: { properties: properties.join(',') },
    });
    for await (const page of pages) await sync.save('Company', page.map(toCompany));
  },
});

function toCompany({ id, properties, createdAt, updatedAt }: RawCompany): z.input<typeof Company> {
  return {
    id,
    name: properties.name ?? null,
    domain: properties.domain ?? null,
    industry: properties.industry ?? null,
    city: properties.city ?? null,
    country: properties.country ?? null,
    employees: toNumber(properties.numberofemployees),
    createdAt,
    updatedAt,
  };
}

/** A number that is not set is null, or an empty text after somebody cleared it. */
function toNumber(text: string | null | undefined): number | null {
  return text === null || text === undefined || text === '' ? null : Number(text);
}
