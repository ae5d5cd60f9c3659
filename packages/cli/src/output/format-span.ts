const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** Milliseconds for people, in the largest unit that they fill: `6 d`, `3 h`. */
export function formatSpan(ms: number): string {
  const [name, unitMs] = units.find(([, size]) => ms >= size) ?? ['s', 1_000];
  return `${Math.max(0, Math.floor(ms / unitMs))} ${name}`;
}
