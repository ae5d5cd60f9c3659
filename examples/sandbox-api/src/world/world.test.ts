import { describe, expect, it } from 'vitest';
import { advance } from './advance.ts';
import { World } from './world.ts';

const small = { seed: 7, issues: 60, contacts: 20, companies: 5, recordBytes: 1_000 };

describe('World', () => {
  it('is the same for the same seed and another for another seed', () => {
    expect(new World(small).issues.allText()).toBe(new World(small).issues.allText());
    expect(new World(small).issues.allText()).not.toBe(new World({ ...small, seed: 8 }).issues.allText());
  });

  it('makes issues of the size that was asked for', () => {
    for (const bytes of [600, 1_000, 5_000]) {
      const world = new World({ ...small, recordBytes: bytes });
      for (const issue of world.issues.values()) expect(Buffer.byteLength(world.issues.textOf(issue))).toBe(bytes);
    }
  });

  it('gives every issue an id of its own and never updates one before it was created', () => {
    const issues = new World(small).issues.values();
    expect(new Set(issues.map((issue) => issue.id)).size).toBe(60);
    expect(issues.filter((issue) => issue.updatedAt < issue.createdAt)).toEqual([]);
  });

  it('is as it began after a reset', () => {
    const world = new World(small);
    const before = world.issues.allText();
    const first = advance(world, { updates: 5, deletes: 5, adds: 5 });
    expect(world.issues.allText()).not.toBe(before);
    world.reset();
    expect(world.issues.allText()).toBe(before);
    expect(advance(world, { updates: 5, deletes: 5, adds: 5 })).toEqual(first);
  });
});

describe('advance', () => {
  it('chooses the same items in every world of the same history', () => {
    const worlds = [new World(small), new World(small)];
    const changes = worlds.map((world) => [advance(world, { updates: 3, deletes: 1 }), advance(world, { updates: 2 })]);
    expect(changes[0]).toEqual(changes[1]);
    expect(changes[0]?.[0]).toMatchObject({ added: [] });
  });

  it('updates, deletes and adds as many as it says, each another item', () => {
    const world = new World(small);
    const before = new Map(world.issues.values().map((issue) => [issue.id, issue]));
    const { updated, deleted, added } = advance(world, { updates: 3, deletes: 2, adds: 4 });
    expect([updated.length, deleted.length, added.length]).toEqual([3, 2, 4]);
    expect(new Set([...updated, ...deleted, ...added]).size).toBe(9);
    expect(world.issues.size).toBe(60 - 2 + 4);
    for (const id of deleted) expect(world.issues.get(id)).toBeUndefined();
    for (const id of added) expect(before.has(id)).toBe(false);
    const changed = world.issues.values().filter((issue) => before.has(issue.id) && before.get(issue.id) !== issue);
    expect(changed.map((issue) => issue.id).sort()).toEqual(updated.toSorted());
    const newestBefore =
      [...before.values()]
        .map((issue) => issue.updatedAt)
        .sort()
        .at(-1) ?? '';
    for (const issue of changed) expect(issue.updatedAt > newestBefore).toBe(true);
  });

  it('changes contacts and companies too', () => {
    const world = new World(small);
    const contacts = advance(world, { kind: 'contacts', updates: 2, deletes: 1, adds: 1 });
    expect(contacts.added).toEqual(['con_21']);
    expect(world.contacts.size).toBe(20);
    advance(world, { kind: 'companies', updates: 5 });
    expect(world.companies.values().every((company) => company.updatedAt > company.createdAt)).toBe(true);
  });

  it('refuses to change more items than there are, and changes none', () => {
    const world = new World(small);
    const before = world.issues.allText();
    expect(() => advance(world, { updates: 50, deletes: 11 })).toThrow(RangeError);
    expect(world.issues.allText()).toBe(before);
  });
});
