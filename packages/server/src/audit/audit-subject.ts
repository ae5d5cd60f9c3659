/** What tells things apart in answers, in the order that addresses have it. */
const identifying = [['integration', 'connection'], ['integration', 'id'], ['version'], ['id'], ['name']] as const;

/**
 * What a change was done to: the first word of its action, and the path that names it; of what was made just now, what
 * the answer calls it.
 */
export function auditSubject(action: string, { params, answer }: { params: unknown; answer: unknown }): string | null {
  const [noun = action] = action.split('.');
  const path = Object.values(asRecord(params)).map(String);
  if (path.length > 0) return `${noun}:${path.join('/')}`;
  const made = asRecord(answer);
  const names = identifying.find((keys) =>
    keys.every((key) => typeof made[key] === 'string' || typeof made[key] === 'number'),
  );
  return names ? `${noun}:${names.map((key) => String(made[key])).join('/')}` : null;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
