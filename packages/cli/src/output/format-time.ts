/** An ISO time for people: `2026-11-23 13:05:09`, in UTC, as the server's logs have it. */
export function formatTime(isoTime: string): string {
  return isoTime.slice(0, 19).replace('T', ' ');
}
