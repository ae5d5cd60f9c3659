import { appendFileSync } from 'node:fs';

export function percentile(values, share) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function median(values) {
  return percentile(values, 0.5);
}

/** `p50 1.2 ms, p95 2.9 ms, p99 3.4 ms, max 5.0 ms (n 200)` */
export function describeLatencies(values) {
  const part = (name, value) => `${name} ${value.toFixed(1)} ms`;
  const shares = [0.5, 0.95, 0.99].map((share) => part(`p${share * 100}`, percentile(values, share)));
  return `${[...shares, part('max', Math.max(...values))].join(', ')} (n ${values.length})`;
}

/** `12,345/s` */
export function perSecond(rate, unit = '') {
  return `${Math.round(rate).toLocaleString('en')}${unit}/s`;
}

/** Prints one figure; `run-all.mjs` collects them through the file that it names. */
export function printFigure(name, figure, aim) {
  console.log(`${name.padEnd(58)} ${figure}${aim ? `   (aim ${aim})` : ''}`);
  const file = process.env.BENCH_FIGURES_FILE;
  if (file) appendFileSync(file, `${JSON.stringify({ name, figure, aim })}\n`);
}
