import { defineSync, type z } from '@tenon/runtime';
import { Issue } from '../models.js';

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
});
