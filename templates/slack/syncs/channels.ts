import { defineSync, type z } from '@tenon/runtime';
import { Channel } from '../models.js';

/** https://docs.slack.dev/reference/methods/conversations.list */
interface RawChannel {
  id: string;
  name: string;
  topic?: { value: string };
  purpose?: { value: string };
  is_private: boolean;
  is_archived: boolean;
  num_members?: number;
  /** Unix time in seconds. */
  created: number;
}

export default defineSync({
  description: 'Public channels, archived ones too',
  models: { Channel },
  schedule: 'every 30m',
  deletes: 'absence',
  async run(sync) {
    const pages = sync.paginate<RawChannel>('/conversations.list', {
      // Private channels need the scope groups:read: then ask for 'public_channel,private_channel'.
      params: { types: 'public_channel' },
      pagination: { items: 'channels' },
    });
    for await (const page of pages) await sync.save('Channel', page.map(toChannel));
  },
});

function toChannel(raw: RawChannel): z.input<typeof Channel> {
  return {
    id: raw.id,
    name: raw.name,
    topic: raw.topic?.value ?? '',
    purpose: raw.purpose?.value ?? '',
    isPrivate: raw.is_private,
    isArchived: raw.is_archived,
    members: raw.num_members ?? null,
    createdAt: new Date(raw.created * 1_000).toISOString(),
  };
}
