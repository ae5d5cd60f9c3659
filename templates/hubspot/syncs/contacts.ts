import { defineSync, type z } from '@tenon/runtime';
import { Contact } from '../models.js';

/** HubSpot leaves out what is not asked for by name. */
const properties = ['email', 'firstname', 'lastname', 'phone', 'jobtitle', 'lifecyclestage'] as const;

/** https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide */
interface RawContact {
  id: string;
  /** Every value is text; null: not set. */
  properties: Partial<Record<(typeof properties)[number], string | null>>;
  createdAt: string;
  updatedAt: string;
}

/** https://developers.hubspot.com/docs/api-reference/latest/webhooks/guide: several at once, each only with the id. */
interface ContactEvent {
  subscriptionType: string;
  objectId: number;
}

export default defineSync({
  description: 'All contacts',
  models: { Contact },
  schedule: 'every 1h',
  // The list cannot be asked for changes only, and the search that can stops at 10,000 results: read it whole.
  deletes: 'absence',
  async run(sync) {
    const pages = sync.paginate<RawContact>('/crm/objects/2026-03/contacts', {
      params: { properties: properties.join(',') },
    });
    for await (const page of pages) await sync.save('Contact', page.map(toContact));
  },
  async onWebhook(sync, event) {
    const events = (event.body as ContactEvent[]).filter(({ subscriptionType }) =>
      subscriptionType.startsWith('contact.'),
    );
    const isGone = ({ subscriptionType }: ContactEvent) => /\.(?:deletion|privacyDeletion)$/.test(subscriptionType);
    const idsOf = (list: readonly ContactEvent[]) => [...new Set(list.map(({ objectId }) => String(objectId)))];
    const gone = idsOf(events.filter(isGone));
    for (const id of idsOf(events).filter((id) => !gone.includes(id))) {
      const { data } = await sync.get<RawContact>(`/crm/objects/2026-03/contacts/${id}`, {
        params: { properties: properties.join(',') },
      });
      await sync.save('Contact', [toContact(data)]);
    }
    if (gone.length > 0) await sync.delete('Contact', gone);
  },
});

function toContact({ id, properties, createdAt, updatedAt }: RawContact): z.input<typeof Contact> {
  return {
    id,
    email: properties.email ?? null,
    firstName: properties.firstname ?? null,
    lastName: properties.lastname ?? null,
    phone: properties.phone ?? null,
    jobTitle: properties.jobtitle ?? null,
    lifecycleStage: properties.lifecyclestage ?? null,
    createdAt,
    updatedAt,
  };
}
