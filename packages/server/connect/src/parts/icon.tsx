import type { ReactNode } from 'react';

const paths = {
  back: 'M10 3 5 8l5 5',
  next: 'm6 3 5 5-5 5',
  check: 'm3 8.5 3.2 3.2L13 5',
  close: 'm4 4 8 8m0-8-8 8',
  external: 'M9 3h4v4m0-4L7 9m4 1.5V13H3V5h2.5',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9m3.3-1.2L14 14',
  alert: 'M8 5v3.5m0 2.4v.1M8 1.8l6.6 11.9H1.4z',
  key: 'M5.5 13a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M7.3 8.7 13 3m-2.5 2.5L12 7',
  lock: 'M4.5 7V5a3.5 3.5 0 0 1 7 0v2M3 7h10v7H3z',
  show: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  hide: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8M2.5 13.5l11-11',
  person: 'M8 7.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4M2.8 14c.4-2.8 2.5-4.4 5.2-4.4s4.8 1.6 5.2 4.4',
  edit: 'M3 13l.6-2.8L11 2.8l2.2 2.2-7.4 7.4z',
  trash: 'M3 4.5h10M6.5 4.5V2.8h3v1.7M4.5 4.5l.5 9h6l.5-9',
  sliders: 'M3 5h10M3 11h10M6 3.5v3M10 9.5v3',
  dot: 'M8 8h.01',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12M8 4.8V8l2.2 1.4',
  plus: 'M8 3v10M3 8h10',
} as const;
export type IconName = keyof typeof paths;

/** Decoration beside words, so it is hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
