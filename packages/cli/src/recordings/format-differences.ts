import type { OutcomeDifference } from '@tenon/runtime/testing';
import { removeControls } from '../output/remove-controls.ts';

const shown = 10;
const longest = 160;

/** The first differences, a line each; values are cut where they get long. */
export function formatDifferences(differences: readonly OutcomeDifference[]): string[] {
  const lines = differences
    .slice(0, shown)
    .map(({ path, expected, actual }) => `${path}: recorded ${show(expected)}, now ${show(actual)}`);
  return differences.length > shown ? [...lines, `... and ${differences.length - shown} more`] : lines;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = removeControls(JSON.stringify(value));
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}
