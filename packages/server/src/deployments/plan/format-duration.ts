const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** Milliseconds as scripts write them: 900000 -> `15m`. */
export function formatDuration(ms: number): string {
  const unit = units.find(([, unitMs]) => ms > 0 && ms % unitMs === 0);
  return unit ? `${ms / unit[1]}${unit[0]}` : `${ms}ms`;
}
