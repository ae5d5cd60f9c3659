export function percentile(values, share) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function median(values) {
  return percentile(values, 0.5);
}

/** `p50 1.2 ms, p99 3.4 ms (n 200)` */
export function describeLatencies(values) {
  return `p50 ${percentile(values, 0.5).toFixed(1)} ms, p99 ${percentile(values, 0.99).toFixed(1)} ms, max ${Math.max(...values).toFixed(1)} ms (n ${values.length})`;
}

export function printFigure(name, figure, aim) {
  console.log(`${name.padEnd(52)} ${figure}${aim ? `   (aim ${aim})` : ''}`);
}
