import { buildIssue } from './build-issue.ts';
import { buildCompany, buildContact, buildUser } from './build-people.ts';
import { Collection } from './collection.ts';
import type { Company, Contact, Issue, User } from './items.ts';
import { createProse } from './prose.ts';
import { createRandom, type Random } from './random.ts';

export interface WorldOptions {
  /** Same seed, same world. */
  seed: number;
  issues: number;
  contacts: number;
  companies: number;
  /** Bytes of an issue's JSON. */
  recordBytes: number;
}

export interface Deletion {
  /** Grows. */
  readonly sequence: number;
  readonly id: string;
  readonly deletedAt: string;
}

const yearMs = 365 * 86_400_000;
/** The sandbox's own time, so that a world and its changes are the same on every run. */
const beginning = Date.UTC(2026, 0, 1);

/** Everything the sandbox knows, and how it changes. */
export class World {
  readonly users: readonly [User, ...User[]];
  issues = new Collection<Issue>();
  contacts = new Collection<Contact>();
  companies = new Collection<Company>();
  /** Of issues, in their order. */
  deletions: Deletion[] = [];
  readonly options: WorldOptions;
  readonly #prose: (from: number, length: number) => string;
  #random: Random;
  #changes = 0;
  #next = { issues: 1, contacts: 1, companies: 1 };

  constructor(options: WorldOptions) {
    this.options = options;
    this.#random = createRandom(options.seed);
    this.#prose = createProse(options.seed);
    const users = Array.from({ length: 11 }, (_, index) => buildUser(this.#random, index + 1));
    this.users = [buildUser(this.#random, 0), ...users];
    this.#fill();
  }

  /** Back to how it began, bit for bit. */
  reset(): void {
    this.issues = new Collection();
    this.contacts = new Collection();
    this.companies = new Collection();
    this.#next = { issues: 1, contacts: 1, companies: 1 };
    this.#changes = 0;
    this.deletions = [];
    this.#fill();
  }

  /** Every change happens one second of sandbox time after the one before. */
  tick(): Date {
    this.#changes += 1;
    return new Date(beginning + this.#changes * 1_000);
  }

  /** The time of the last change. */
  now(): Date {
    return new Date(beginning + this.#changes * 1_000);
  }

  deleteIssue(id: string, deletedAt: Date): void {
    if (!this.issues.delete(id)) return;
    this.deletions.push({ sequence: this.deletions.length + 1, id, deletedAt: deletedAt.toISOString() });
  }

  /** Chooses and invents; the same sequence for the same history. */
  get random(): Random {
    return this.#random;
  }

  addIssue(createdAt: Date, updatedAt: Date, given: Partial<Issue> = {}): Issue {
    const made = buildIssue(this.#random, {
      number: this.#next.issues++,
      createdAt,
      updatedAt,
      assignees: [this.users[0].login, ...this.users.slice(1).map((user) => user.login)],
      bytes: this.options.recordBytes,
      prose: this.#prose,
    });
    const issue = { ...made, ...given };
    this.issues.put(issue);
    return issue;
  }

  addContact(createdAt: Date): Contact {
    const number = this.#next.contacts++;
    const contact = buildContact(this.#random, { number, createdAt, companies: this.options.companies });
    this.contacts.put(contact);
    return contact;
  }

  addCompany(createdAt: Date): Company {
    const company = buildCompany(this.#random, { number: this.#next.companies++, createdAt });
    this.companies.put(company);
    return company;
  }

  #fill(): void {
    const { seed, issues, contacts, companies } = this.options;
    this.#random = createRandom(seed + 1);
    const spread = (index: number, count: number) =>
      new Date(beginning - yearMs + Math.floor((yearMs / count) * index));
    for (let index = 0; index < companies; index += 1) this.addCompany(spread(index, companies));
    for (let index = 0; index < contacts; index += 1) this.addContact(spread(index, contacts));
    for (let index = 0; index < issues; index += 1) {
      const createdAt = spread(index, issues);
      const ageMs = beginning - createdAt.getTime();
      this.addIssue(createdAt, new Date(createdAt.getTime() + Math.floor(this.#random.next() * ageMs)));
    }
  }
}
