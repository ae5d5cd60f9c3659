import { defineSync, type z } from '@tenon/runtime';
import { Contact } from '../models.js';

/** A contact as the API gives it. */
interface RawContact {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string | null;
  companyId: string | null;
  updatedAt: string;
}

export default defineSync({
  description: 'All contacts',
  models: { Contact },
  schedule: 'every 5m',
  deletes: 'absence',
  async run(sync) {
    const pages = sync.paginate<RawContact>('/contacts', {
      // Contacts have a cursor in the answer, unlike the rest of this API.
      pagination: {
        style: 'cursor',
        param: 'cursor',
        path: 'nextCursor',
        items: 'data',
        limitParam: 'limit',
        limit: 100,
      },
      // A run that is interrupted goes on at the page where it was.
      resume: true,
    });
    for await (const page of pages) await sync.save('Contact', page.map(toContact));
  },
});

function toContact(raw: RawContact): z.input<typeof Contact> {
  return {
    id: raw.id,
    name: `${raw.firstName} ${raw.lastName}`,
    email: raw.email,
    phone: raw.phone,
    companyId: raw.companyId,
    updatedAt: raw.updatedAt,
  };
}
