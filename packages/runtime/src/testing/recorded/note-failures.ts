import { TenonError } from '../../errors/tenon-error.ts';
import type { ProviderClient } from '../../request/provider-client.ts';

/**
 * A client that tells of each request that had no answer in the recording, also when the script catches the error: it
 * went another way than the recorded run. Pages that were read ahead and given up are no such thing.
 */
export function noteFailures(client: ProviderClient, onUnmatched: (error: TenonError) => void): ProviderClient {
  const note = (error: unknown): never => {
    if (error instanceof TenonError && error.code === 'replay_unmatched') onUnmatched(error);
    throw error;
  };
  async function* watch<Item>(list: AsyncIterable<Item[]>): AsyncGenerator<Item[], void, undefined> {
    try {
      yield* list;
    } catch (error) {
      note(error);
    }
  }
  return {
    request: (...call) => client.request<never>(...call).catch(note),
    get: (...call) => client.get<never>(...call).catch(note),
    post: (...call) => client.post<never>(...call).catch(note),
    put: (...call) => client.put<never>(...call).catch(note),
    patch: (...call) => client.patch<never>(...call).catch(note),
    delete: (...call) => client.delete<never>(...call).catch(note),
    paginate: <Item>(...call: Parameters<ProviderClient['paginate']>) => watch<Item>(client.paginate<Item>(...call)),
    paginateFrom: <Item>(...call: Parameters<ProviderClient['paginateFrom']>) =>
      watch<Item>(client.paginateFrom<Item>(...call)),
  };
}
