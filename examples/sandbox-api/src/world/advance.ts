import { z } from 'zod';
import type { Kind } from './items.ts';
import type { World } from './world.ts';

export const advanceSchema = z.strictObject({
  kind: z.enum(['issues', 'contacts', 'companies']).default('issues'),
  updates: z.number().int().nonnegative().default(0),
  deletes: z.number().int().nonnegative().default(0),
  adds: z.number().int().nonnegative().default(0),
  sameInstant: z.boolean().default(false).describe('All updates bear one time, as with a bulk change.'),
});
export type AdvanceInput = z.input<typeof advanceSchema>;

export interface Advanced {
  updated: string[];
  deleted: string[];
  added: string[];
}

/**
 * Lets time pass: changes, deletes and adds items that the world's own random stream chooses, so the same calls in
 * the same order always choose the same items. No item is both updated and deleted.
 * @throws RangeError when more items are asked for than there are
 */
export function advance(world: World, input: AdvanceInput): Advanced {
  const { kind, updates, deletes, adds, sameInstant } = advanceSchema.parse(input);
  const ids = world[kind].values().map((item) => item.id);
  if (updates + deletes > ids.length) {
    throw new RangeError(`There are ${ids.length} ${kind}; ${updates + deletes} cannot be changed.`);
  }
  // A partial Fisher-Yates shuffle: the first places are the chosen ones.
  for (let place = 0; place < updates + deletes; place += 1) {
    const other = place + world.random.below(ids.length - place);
    [ids[place], ids[other]] = [ids[other] ?? '', ids[place] ?? ''];
  }
  const updated = ids.slice(0, updates);
  const deleted = ids.slice(updates, updates + deletes);
  const instant = sameInstant ? world.tick() : undefined;
  for (const id of updated) updateOne(world, kind, { id, updatedAt: (instant ?? world.tick()).toISOString() });
  for (const id of deleted) {
    if (kind === 'issues') world.deleteIssue(id, instant ?? world.now());
    else world[kind].delete(id);
  }
  const added = Array.from({ length: adds }, () => addOne(world, kind));
  return { updated, deleted, added };
}

function updateOne(world: World, kind: Kind, { id, updatedAt }: { id: string; updatedAt: string }): void {
  if (kind === 'issues') {
    const issue = world.issues.get(id);
    if (issue) world.issues.put({ ...issue, comments: issue.comments + 1, updatedAt });
  } else if (kind === 'contacts') {
    const contact = world.contacts.get(id);
    const phone = `+1555${String(world.random.below(10_000_000)).padStart(7, '0')}`;
    if (contact) world.contacts.put({ ...contact, phone, updatedAt });
  } else {
    const company = world.companies.get(id);
    if (company) world.companies.put({ ...company, employees: company.employees + 1, updatedAt });
  }
}

function addOne(world: World, kind: Kind): string {
  const at = world.tick();
  if (kind === 'issues') return world.addIssue(at, at).id;
  if (kind === 'contacts') return world.addContact(at).id;
  return world.addCompany(at).id;
}
