import { array, boolean, constant, constantFrom, integer, nat, oneof, record, type Arbitrary } from 'fast-check';
import { stormSyncs, type StormSync, type StormSyncName } from './storm-syncs.ts';
import type { Mutation } from './truth.ts';

/** What happens to one attempt of a run. Places count pages, calls or statements of the attempt, from 0. */
export type Fault =
  /** The server process is killed before a statement; another one starts. */
  | { readonly kind: 'server dies'; readonly statement: number }
  /** The server stops for a while, loses its runs to another one, and goes on. */
  | { readonly kind: 'server freezes'; readonly page: number }
  /** The script's process is killed: before a page is committed, or before it hears of that. */
  | { readonly kind: 'worker dies'; readonly page: number; readonly committed: boolean }
  /** A statement fails, and the server lives. */
  | { readonly kind: 'statement fails'; readonly statement: number }
  /** From a call on, the provider answers no more. */
  | { readonly kind: 'provider is down'; readonly call: number }
  /** One answer is bad, as a retry mends it. */
  | { readonly kind: 'provider stumbles'; readonly call: number; readonly how: 'busy' | 'broken' | 'cut' | 'reset' }
  /** The provider answers as if it had nothing. */
  | { readonly kind: 'provider is empty' }
  /** One partition cannot be read. */
  | { readonly kind: 'partition is down'; readonly part: string }
  | { readonly kind: 'cancelled'; readonly page: number };

/** Events that arrive, one after the other. */
export interface Delivery {
  /** Any numbers: places among all that the provider ever told, modulo how many there are; late and twice as well. */
  readonly places: readonly number[];
}

export interface RunStep {
  readonly kind: 'run';
  /** One for each attempt; attempts after these are undisturbed. */
  readonly faults: readonly Fault[];
  /** Happens after each attempt that is not the last. */
  readonly between: readonly Mutation[];
  /** Whether everything that is live has to be live after it. */
  readonly isKept?: boolean;
  /** Events that another server takes while a page of an attempt is committed. */
  readonly beside?: ReadonlyArray<Delivery & { readonly page: number }>;
  /** Happens when the run makes its n-th call to the provider. */
  readonly during: ReadonlyArray<{ readonly call: number; readonly mutation: Mutation; readonly reshuffles: boolean }>;
}

export type Step =
  | RunStep
  | { readonly kind: 'mutate'; readonly mutation: Mutation }
  | ({ readonly kind: 'events arrive' } & Delivery)
  /** A reader begins to follow the feed, from its start. */
  | { readonly kind: 'reader joins' }
  /** The readers go on to the end of the feed. */
  | { readonly kind: 'readers follow' };

export interface History {
  readonly sync: StormSyncName;
  readonly initial: number;
  readonly pageSize: number;
  /** How long one call to the provider takes. Above 2 s every page of the provider becomes one of the store. */
  readonly callMs: number;
  readonly steps: readonly Step[];
}

const place = nat(7);

const anyPlaces = array(nat(40), { minLength: 1, maxLength: 3 });

export const faults: Arbitrary<Fault> = oneof(
  record({ kind: constant('server dies' as const), statement: nat(40) }),
  record({ kind: constant('server freezes' as const), page: nat(3) }),
  record({ kind: constant('worker dies' as const), page: nat(3), committed: boolean() }),
  record({ kind: constant('statement fails' as const), statement: nat(40) }),
  record({ kind: constant('provider is down' as const), call: nat(4) }),
  record({
    kind: constant('provider stumbles' as const),
    call: nat(4),
    how: constantFrom('busy' as const, 'broken' as const, 'cut' as const, 'reset' as const),
  }),
  record({ kind: constant('provider is empty' as const) }),
  record({ kind: constant('partition is down' as const), part: constantFrom('p0', 'p1', 'p2') }),
  record({ kind: constant('cancelled' as const), page: nat(3) }),
);

function mutations(sync: StormSyncName, options: { whileReading: boolean }): Arbitrary<Mutation> {
  const { knowsDeletions, meetsEqualTimes, takesEvents = false }: StormSync = stormSyncs[sync];
  const remove = array(place, { maxLength: knowsDeletions ? 2 : 0 });
  return record({
    add: nat(3),
    update: array(place, { maxLength: 3 }),
    remove,
    removeAllBut: knowsDeletions
      ? oneof({ weight: 9, arbitrary: constant(undefined) }, { weight: 1, arbitrary: nat(2) })
      : constant(undefined),
    // Of two versions with one time, nobody knows which is newer.
    sameInstant: !takesEvents && (meetsEqualTimes || !options.whileReading) ? boolean() : constant(false),
  });
}

function steps(sync: StormSyncName): Arbitrary<Step> {
  const { takesEvents = false }: StormSync = stormSyncs[sync];
  const run = record({
    kind: constant('run' as const),
    faults: array(faults, { maxLength: 3 }),
    between: array(mutations(sync, { whileReading: true }), { maxLength: 2 }),
    during: array(record({ call: nat(6), mutation: mutations(sync, { whileReading: true }), reshuffles: boolean() }), {
      maxLength: 3,
    }),
    beside: array(record({ page: nat(3), places: anyPlaces }), { maxLength: takesEvents ? 3 : 0 }),
  });
  const mutate = record({
    kind: constant('mutate' as const),
    mutation: mutations(sync, { whileReading: false }),
  });
  return oneof(
    { weight: 5, arbitrary: run },
    { weight: 3, arbitrary: mutate },
    {
      weight: takesEvents ? 3 : 0,
      arbitrary: record({ kind: constant('events arrive' as const), places: anyPlaces }),
    },
    { weight: 1, arbitrary: constant({ kind: 'reader joins' as const }) },
    { weight: 1, arbitrary: constant({ kind: 'readers follow' as const }) },
  );
}

/** Held deletions wait for a person: they have tests of their own. */
const names = (Object.keys(stormSyncs) as StormSyncName[]).filter((name) => name !== 'guarded');

export const histories: Arbitrary<History> = constantFrom(...names).chain((sync) =>
  record({
    sync: constant(sync),
    initial: nat(9),
    pageSize: integer({ min: 1, max: 4 }),
    callMs: constantFrom(1, 700, 2_500),
    steps: array(steps(sync), { minLength: 1, maxLength: 7 }),
  }),
);
