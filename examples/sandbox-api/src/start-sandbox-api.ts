import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createLazyAuthorization } from './authorization/lazy-authorization.ts';
import { createChaosMonkey, type ChaosInput } from './http/chaos.ts';
import { createApp } from './http/create-app.ts';
import { createRateLimiter } from './http/rate-limiter.ts';
import { createRequestStats, type StatsReport } from './http/request-stats.ts';
import { createTokenStore } from './http/token-store.ts';
import { sandboxOptionsSchema, type SandboxOptions } from './sandbox-options.ts';
import { advance, type AdvanceInput, type Advanced } from './world/advance.ts';
import { World } from './world/world.ts';

export interface SandboxApi {
  /** Such as http://127.0.0.1:4700, without a slash at the end. */
  readonly url: string;
  readonly world: World;
  /** See `POST /_control/advance`. */
  advance(input: AdvanceInput): Advanced;
  /** See `POST /_control/chaos`, but for `refused`: that is goDown and comeUp. */
  setChaos(input: ChaosInput): void;
  stats(): StatsReport;
  /** Nothing listens on the port until comeUp. */
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  /** Cuts what is open and frees the port. */
  stop(): Promise<void>;
}

/**
 * Starts a made-up issue tracker and CRM.
 * @param options see sandboxOptionsSchema
 * @throws ZodError for options that are not valid; the system's error when the port is taken
 */
export async function startSandboxApi(options: SandboxOptions = {}, now: () => number = Date.now): Promise<SandboxApi> {
  const settings = sandboxOptionsSchema.parse(options);
  const world = new World(settings);
  const chaos = createChaosMonkey();
  const stats = createRequestStats();
  let port = settings.port;
  const url = () => `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  const authorization = createLazyAuthorization(settings, { url, now });
  const keyring = {
    apiKey: settings.apiKey,
    tokens: createTokenStore(settings.tokenSeconds, now),
    findToken: async (token: string) => (await authorization.getIfMade())?.findToken(token),
  };
  const limiter = createRateLimiter(settings.rateLimit, now);
  const stopping = new AbortController();

  let comeBack: NodeJS.Timeout | undefined;
  const refuseFor = (ms: number) => {
    clearTimeout(comeBack);
    void goDown();
    comeBack = setTimeout(() => void comeUp(), ms);
  };
  const app = createApp(
    { settings, world, keyring, authorization, limiter, chaos, stats },
    { refuseFor },
    stopping.signal,
  );
  await app.listen({ host: settings.host, port: settings.port });
  port = (app.server.address() as AddressInfo).port;

  // Fastify cannot listen twice, its Node server can: the routes stay, only the port opens and closes.
  async function goDown(): Promise<void> {
    if (!app.server.listening) return;
    const closed = once(app.server, 'close');
    app.server.close();
    app.server.closeAllConnections();
    await closed;
  }
  async function comeUp(): Promise<void> {
    if (app.server.listening || stopping.signal.aborted) return;
    const listening = once(app.server, 'listening');
    app.server.listen(port, settings.host);
    await listening;
    chaos.set({ mode: 'off' });
  }

  return {
    url: url(),
    world,
    advance: (input) => advance(world, input),
    setChaos: (input) => void chaos.set(input),
    stats: () => stats.report(),
    goDown,
    comeUp,
    async stop() {
      clearTimeout(comeBack);
      stopping.abort();
      await app.close();
    },
  };
}
