import { defineSync, type z } from '@tenon/runtime';
import { Issue } from '../models.js';

/** What the sandbox tells of an issue. */
interface IssueEvent {
  type: 'issue.created' | 'issue.updated' | 'issue.deleted';
  issue: z.infer<typeof Issue>;
}

export default defineSync({
  description: 'All issues, open and closed',
  models: { Issue },
  schedule: 'every 5s',
  // Every run reads the whole list: what it does not find any more was deleted.
  deletes: 'absence',
  async run(sync) {
    for await (const page of sync.paginate<z.infer<typeof Issue>>('/issues')) {
      await sync.save('Issue', page);
    }
  },
  // An event is here at once; the schedule finds what no event told.
  async onWebhook(sync, event) {
    const { type, issue } = event.body as IssueEvent;
    if (type === 'issue.deleted') await sync.delete('Issue', [issue.id]);
    else await sync.save('Issue', [issue]);
  },
});
