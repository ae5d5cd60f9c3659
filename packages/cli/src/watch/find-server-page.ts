/** What to open of a server in a browser: its own page, or the description of its API while it has none. */
export async function findServerPage(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { headers: { accept: 'text/html' }, redirect: 'manual', signal }).catch(
    () => undefined,
  );
  await answer?.body?.cancel();
  const isPage = answer !== undefined && answer.status < 400;
  return isPage ? url : `${url}/openapi.json`;
}
