/**
 * Orders two versions (semver.org, section 11) by their numbers; a pre-release comes before its release, and two
 * pre-releases of one version count as equal.
 * @returns negative when the first is older, positive when it is newer, 0 when they are equal or cannot be read
 */
export function compareVersions(first: string, second: string): number {
  const [one, other] = [parseVersion(first), parseVersion(second)];
  if (one === undefined || other === undefined) return 0;
  const different = one.findIndex((part, index) => part !== other[index]);
  return different === -1 ? 0 : (one[different] ?? 0) - (other[different] ?? 0);
}

function parseVersion(text: string): number[] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(-)?/.exec(text.trim());
  if (match === null) return undefined;
  return [...match.slice(1, 4).map(Number), match[4] === undefined ? 1 : 0];
}
