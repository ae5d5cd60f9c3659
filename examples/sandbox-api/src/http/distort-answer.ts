import type { Chaos } from './chaos.ts';

type Item = Record<string, unknown>;

export interface AnswerDistorter {
  /** What becomes of an answer's JSON text under chaos. `path`: without its query. */
  distort(chaos: Chaos, path: string, text: string): string;
}

/** Makes answers of lists wrong in ways that still read as answers. */
export function createAnswerDistorter(): AnswerDistorter {
  /** By path: the last item of the page before. */
  const lastItems = new Map<string, Item>();

  function distortItems(mode: Chaos['mode'], path: string, items: Item[]): Item[] {
    switch (mode) {
      case 'empty':
        return [];
      case 'shuffled':
        return items.toReversed();
      case 'duplicated': {
        const before = lastItems.get(path);
        const last = items.at(-1);
        if (last) lastItems.set(path, last);
        return before ? [before, ...items] : items;
      }
      case 'drifted':
        return items.map((item, place) => (place % 3 === 0 ? drift(item) : item));
      default:
        return items;
    }
  }

  return {
    distort({ mode }, path, text) {
      if (mode === 'broken_json') return text.slice(0, Math.floor(text.length / 2));
      const body = JSON.parse(text) as Item[] | { data?: unknown };
      if (Array.isArray(body)) return JSON.stringify(distortItems(mode, path, body));
      if (!Array.isArray(body.data)) return text;
      const end = mode === 'empty' ? { nextCursor: null, hasMore: false, total: 0 } : {};
      return JSON.stringify({ ...body, data: distortItems(mode, path, body.data as Item[]), ...end });
    },
  };
}

function drift(item: Item): Item {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, Number.isInteger(value) ? `${String(value)}` : value]),
  );
}
