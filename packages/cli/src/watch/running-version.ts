/** What runs while something is wrong: `version 3 runs on`. */
export function runningNote(version: number | undefined, how: 'on' | 'with it'): string | undefined {
  if (version === undefined || version === 0) return how === 'on' ? 'nothing is deployed yet' : undefined;
  return `version ${version} runs ${how}`;
}
