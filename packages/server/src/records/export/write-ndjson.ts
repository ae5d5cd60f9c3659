/** One stored record a line, as the list of records gives it. */
export async function* writeNdjson(pages: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  for await (const page of pages) yield `${page}\n`;
}
