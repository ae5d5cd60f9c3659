import { defineSync, type z } from '@tenon/runtime';
import { Repository } from '../models.js';

/** https://docs.github.com/en/rest/repos/repos#list-repositories-for-the-authenticated-user, what is read here. */
interface RawRepository {
  id: number;
  full_name: string;
  description: string | null;
  private: boolean;
  fork: boolean;
  archived: boolean;
  default_branch: string;
  language: string | null;
  stargazers_count: number;
  open_issues_count: number;
  html_url: string;
  updated_at: string | null;
  pushed_at: string | null;
}

export default defineSync({
  description: 'Repositories that the customer can read',
  models: { Repository },
  schedule: 'every 1h',
  // The list cannot be asked for changes only, so every run reads it whole.
  deletes: 'absence',
  async run(sync) {
    for await (const page of sync.paginate<RawRepository>('/user/repos', { params: { sort: 'full_name' } })) {
      await sync.save('Repository', page.map(toRepository));
    }
  },
});

function toRepository(raw: RawRepository): z.input<typeof Repository> {
  return {
    id: raw.id,
    name: raw.full_name,
    description: raw.description,
    isPrivate: raw.private,
    isFork: raw.fork,
    isArchived: raw.archived,
    defaultBranch: raw.default_branch,
    language: raw.language,
    stars: raw.stargazers_count,
    openIssues: raw.open_issues_count,
    url: raw.html_url,
    updatedAt: raw.updated_at,
    pushedAt: raw.pushed_at,
  };
}
