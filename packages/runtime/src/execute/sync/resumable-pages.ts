import { createHash } from 'node:crypto';
import type { PaginateOptions } from '../../define/script-requests.ts';
import { TenonError } from '../../errors/tenon-error.ts';
import type { PageRequest } from '../../request/page-request.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { RunProgress } from './run-progress.ts';

/** Remembers how far the paginations of a sync or a partition have come. */
export interface ResumablePages {
  begin(path: string, options: PaginateOptions): PagesPosition;
}

/** One pagination. */
export interface PagesPosition {
  readonly from: PageRequest | undefined;
  /** An interrupted attempt read it to the end, and saved it. */
  readonly isDone: boolean;
  /** The script gets a page. */
  enter(): void;
  /** The script asks for the next page: it has saved what it wants of this one. */
  leave(next: PageRequest | undefined): void;
  /** It was read to the end. */
  finish(): void;
  /** It is read no further, whatever the reason. */
  end(): void;
}

export interface ResumablePagesOptions {
  readonly progress: RunProgress;
  /** Does something after the saves that the script has called by now. */
  afterSaves(work: () => void): void;
  /** Whether a text must not be kept. */
  holdsSecret(text: string): boolean;
}

interface Scope {
  readonly key: string;
  /** How often each request was begun within the page. */
  occurrences: Map<string, number>;
  /** Keys of what was begun within the page. */
  within: Set<string>;
}

/**
 * A pagination is known by its request, by how often that was begun, and by the page of another pagination within
 * which it was begun: a run that goes on begins the same ones within the same page.
 */
export function createResumablePages({ progress, afterSaves, holdsSecret }: ResumablePagesOptions): ResumablePages {
  const root: Scope = { key: '', occurrences: new Map(), within: new Set() };
  /** The innermost last. */
  const scopes: Scope[] = [root];

  const forgetWithin = (scope: Scope): void => {
    const keys = scope.within;
    scope.within = new Set();
    scope.occurrences = new Map();
    if (keys.size > 0) afterSaves(() => progress.forget(keys));
  };

  return {
    begin(path, options) {
      if (options.resume !== true) return notKept;
      const parent = scopes.at(-1) ?? root;
      const request = describeRequest(path, options);
      const count = (parent.occurrences.get(request) ?? 0) + 1;
      parent.occurrences.set(request, count);
      const key = hashKey([parent.key, request, count]);
      const kept = progress.get(key);
      const scope: Scope = { key, occurrences: new Map(), within: new Set() };
      for (const outer of scopes) outer.within.add(key);
      let canKeep = true;
      const keep = (position: PageRequest | 'done'): void => {
        if (!canKeep) return;
        if (position !== 'done' && !isKeepable(position, holdsSecret)) {
          canKeep = false;
          afterSaves(() => progress.forget([key]));
          return;
        }
        afterSaves(() => progress.set(key, position));
      };
      const close = (): void => {
        const place = scopes.indexOf(scope);
        if (place >= 0) scopes.splice(place, 1);
      };
      return {
        from: kept === 'done' ? undefined : kept,
        isDone: kept === 'done',
        enter() {
          close();
          scopes.push(scope);
        },
        leave(next) {
          forgetWithin(scope);
          if (next) keep(next);
        },
        finish() {
          forgetWithin(scope);
          keep('done');
        },
        end: close,
      };
    },
  };
}

const nothing = (): void => undefined;
const notKept: PagesPosition = {
  from: undefined,
  isDone: false,
  enter: nothing,
  leave: nothing,
  finish: nothing,
  end: nothing,
};

function describeRequest(path: string, { method = 'GET', params = {}, body }: PaginateOptions): string {
  try {
    return canonicalJson([method, path, params, body ?? null]);
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    return canonicalJson([method, path]);
  }
}

function hashKey(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** A body that is no JSON (a form, bytes) cannot be kept; a secret in an address must not be. */
function isKeepable(request: PageRequest, holdsSecret: (text: string) => boolean): boolean {
  const { body } = request;
  if (typeof body === 'object' && body !== null && !isPlain(body)) return false;
  return !holdsSecret(JSON.stringify(request));
}

function isPlain(value: object): boolean {
  return Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';
}
