/** Objects that all code of a realm shares, and that a script could change for the runs after it. */
const sharedObjects = (): object[] => [
  globalThis,
  Object,
  Object.prototype,
  Function.prototype,
  Array,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Symbol,
  Promise,
  Promise.prototype,
  Error,
  Error.prototype,
  Date,
  Date.prototype,
  RegExp.prototype,
  Map.prototype,
  Set.prototype,
  WeakMap.prototype,
  JSON,
  Math,
  Reflect,
  Buffer,
  Buffer.prototype,
  Uint8Array.prototype,
  URL.prototype,
  URLSearchParams.prototype,
  AbortSignal.prototype,
];

interface Snapshot {
  readonly object: object;
  readonly properties: ReadonlyArray<readonly [PropertyKey, PropertyDescriptor]>;
}

export interface GlobalGuard {
  /** Watches one more object, as it is now. */
  add(object: object): void;
  /** Whether a shared object lost, gained or changed a property since it was first seen. */
  isTouched(): boolean;
}

/**
 * Notices scripts that change what later runs in this process would see, so that the process can be replaced. It
 * protects the runs of one environment from each other's accidents (polyfills, patched prototypes); it is not what
 * keeps environments apart, for a worker serves only one. About 30 us a check.
 */
export function createGlobalGuard(): GlobalGuard {
  const snapshots = sharedObjects().map(takeSnapshot);
  return {
    add(object) {
      snapshots.push(takeSnapshot(object));
    },
    isTouched: () => snapshots.some(differs),
  };
}

function takeSnapshot(object: object): Snapshot {
  const properties = Reflect.ownKeys(object).flatMap((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    return descriptor ? [[key, descriptor] as const] : [];
  });
  return { object, properties };
}

/** Replaced for each run by the worker itself. */
const ownGlobals = new Set<PropertyKey>(['process', 'console']);
const ownExport = 'globalAgent';

function differs({ object, properties }: Snapshot): boolean {
  const added = Reflect.ownKeys(object).length - properties.length;
  if (added !== 0 && (object !== globalThis || added !== countNewDispatchers(properties))) return true;
  for (const [key, before] of properties) {
    if (key === ownExport || (object === globalThis && ownGlobals.has(key))) continue;
    if (before.get || before.set) {
      if (isAccessorTouched(object, key, before)) return true;
    } else if (!Object.is(Reflect.get(object, key), before.value)) return true;
  }
  return false;
}

/** Node's fetch keeps its pool of connections in a global symbol, from its first use on. */
function countNewDispatchers(properties: Snapshot['properties']): number {
  const known = new Set(properties.map(([key]) => key));
  return Object.getOwnPropertySymbols(globalThis).filter(
    (symbol) => !known.has(symbol) && symbol.description?.startsWith('undici.globalDispatcher.') === true,
  ).length;
}

/** Node defines some globals lazily: at first use the accessor makes way for the value that it would return. */
function isAccessorTouched(object: object, key: PropertyKey, before: PropertyDescriptor): boolean {
  const now = Object.getOwnPropertyDescriptor(object, key);
  if (!now) return true;
  if (now.get || now.set) return now.get !== before.get || now.set !== before.set;
  return !Object.is(now.value, before.get?.call(object));
}
