import { defineSync, type z } from '@tenon/runtime';
import { User } from '../models.js';

/** https://docs.slack.dev/reference/methods/users.list; what somebody has not filled in is missing or empty. */
interface RawUser {
  id: string;
  name: string;
  deleted: boolean;
  is_bot?: boolean;
  tz?: string | null;
  profile: { real_name?: string | null; display_name?: string | null; email?: string | null };
  /** Unix time in seconds. */
  updated: number;
}

/** https://docs.slack.dev/reference/events/user_change, in the envelope of the Events API; team_join has a user, too. */
interface UserEvent {
  event?: { type: string; user?: RawUser | string };
}

export default defineSync({
  description: 'Members of the workspace, bots and deactivated ones too',
  models: { User },
  schedule: 'every 1h',
  async run(sync) {
    const pages = sync.paginate<RawUser>('/users.list', { pagination: { items: 'members' } });
    for await (const page of pages) await sync.save('User', page.map(toUser));
  },
  async onWebhook(sync, event) {
    const user = (event.body as UserEvent).event?.user;
    // Most events only name the user.
    if (typeof user === 'object') await sync.save('User', [toUser(user)]);
  },
});

function toUser(raw: RawUser): z.input<typeof User> {
  return {
    id: raw.id,
    name: raw.name,
    realName: raw.profile.real_name || null,
    displayName: raw.profile.display_name || null,
    email: raw.profile.email || null,
    timezone: raw.tz || null,
    isBot: raw.is_bot ?? false,
    isActive: !raw.deleted,
    updatedAt: new Date(raw.updated * 1_000).toISOString(),
  };
}
