/** Adds parameters to an address that may have some; a space is %20, as not every provider reads a plus as one. */
export function addParameters(url: URL, parameters: Readonly<Record<string, string>>): string {
  const result = new URL(url);
  const query = new URLSearchParams(url.search);
  for (const [name, value] of Object.entries(parameters)) query.set(name, value);
  result.search = query.toString().replaceAll('+', '%20');
  return result.href;
}
