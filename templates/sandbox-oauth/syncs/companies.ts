import { defineSync, type z } from '@tenon/runtime';
import { Company } from '../models.js';

export default defineSync({
  description: 'All companies',
  models: { Company },
  schedule: 'every 5m',
  deletes: 'absence',
  async run(sync) {
    for await (const page of sync.paginate<z.infer<typeof Company>>('/companies')) {
      await sync.save('Company', page);
    }
  },
});
