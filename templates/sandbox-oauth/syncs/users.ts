import { defineSync, type z } from '@tenon/runtime';
import { User } from '../models.js';

export default defineSync({
  description: 'The people who can be assigned to issues',
  models: { User },
  schedule: 'every 1h',
  deletes: 'absence',
  async run(sync) {
    // The API gives all of them in one answer.
    const { data } = await sync.get<z.infer<typeof User>[]>('/users');
    await sync.save('User', data);
  },
});
