/**
 * How a server's version stands to the command line's, by semantic versioning: within a major version (or, before 1.0,
 * a minor one) they understand each other.
 */
export function compareVersions(server: string, own: string): 'same' | 'compatible' | 'older' | 'newer' {
  if (server === own) return 'same';
  const [theirs, ours] = [parse(server), parse(own)];
  const breaking = (parts: readonly number[]) => (parts[0] === 0 ? [0, parts[1] ?? 0] : [parts[0] ?? 0]);
  const [left, right] = [breaking(theirs), breaking(ours)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0 ? 'older' : 'newer';
  }
  return 'compatible';
}

function parse(version: string): number[] {
  return version
    .replace(/^v/, '')
    .split(/[.+-]/, 3)
    .map((part) => Number.parseInt(part, 10) || 0);
}
