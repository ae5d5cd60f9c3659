import { sql, type RawBuilder } from 'kysely';

/** Of the next attempt of the run `r`: its sightings count together with the last one's if it goes on from its progress. */
export const nextGeneration: RawBuilder<number> = sql`r.generation + case when exists (
  select from sync_states t
  where t.sync_id = r.sync_id and t.progress_run_id = r.id and t.progress is not null) then 0 else 1 end`;
