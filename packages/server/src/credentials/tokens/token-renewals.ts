import { setTimeout as delay } from 'node:timers/promises';
import type { BaseLogger } from 'pino';
import type { Manifest } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { DeployedProvider } from '../../deployments/deployed-provider.ts';
import { findProvider } from '../../deployments/find-provider.ts';
import type { ConnectionContext } from '../connection-context.ts';
import { toProblemError } from '../problem-error.ts';
import { recordProblem } from '../record-problem.ts';
import { openCredentials, openToken, type StoredToken } from '../seal-secrets.ts';
import type { OpenSecrets } from '../secret-cache.ts';
import { claimRenewal, type ClaimedRenewal } from '../storage/claim-renewal.ts';
import { releaseClaim } from '../storage/release-claim.ts';
import { askProvider, defaultLeaseMs, NotRenewable } from './ask-provider.ts';
import { classifyFailure } from './classify-failure.ts';
import { explainInterruption } from './explain-interruption.ts';
import { keepToken, type TokenToKeep } from './keep-token.ts';
import { createRenewalGate, type RenewalLimits } from './renewal-gate.ts';
import { repeatUntilStored } from './repeat-until-stored.ts';
import { isFresh, isValid } from './token-freshness.ts';
import { wayToToken } from './token-use.ts';

export interface Renewal {
  readonly connectionId: number;
  /** The access token that the provider refused; absent: the one there is grew old. */
  readonly refused?: string | undefined;
  /** Renew even a token that is fresh. */
  readonly force?: boolean;
  /** With `force`: of the token that is to be renewed; a younger one is taken. */
  readonly version?: number;
  /** Nobody waits for it. */
  readonly background?: boolean;
}

export interface TokenRenewals {
  /**
   * A token that is neither refused nor old: the stored one if somebody renewed it meanwhile, else a new one.
   * @throws TenonError what the exchange with the provider failed with, which is noted with the connection
   */
  renew(renewal: Renewal): Promise<StoredToken>;
  /** Whether a failure of `renew` is noted with its connection already. */
  hasNoted(error: unknown): boolean;
  /** Takes no more work, and waits for what providers were asked: their answers are stored before the database goes. */
  stop(options: { graceMs: number }): Promise<void>;
}

export interface RenewalOptions extends Partial<RenewalLimits> {
  readonly log?: Pick<BaseLogger, 'warn' | 'error'>;
  /** After which a claim counts as left behind, in milliseconds; longer than a provider may take. */
  readonly leaseMs?: number;
}

type RenewalContext = Omit<ConnectionContext, 'renewals' | 'publicUrl'>;

/**
 * The renewal of tokens (semantics 11). Of all processes that find a token old or refused, one gets the claim to renew
 * it (refresh_started_at, set by a compare-and-swap under the row's lock and committed before the provider is asked);
 * the others wait until the row has another token_version, and take the token that is there then. The answer is stored
 * by a second compare-and-swap before anybody uses it. No transaction is open while a provider thinks: a provider that
 * hangs holds neither a database session nor a lock.
 *
 * A process that is killed between the provider's answer and the second statement leaves its claim behind. When the
 * lease has run out, the next one renews with the refresh token that is stored, the old one. Providers that allow it to
 * be used again go on as if nothing had happened; should one refuse it, the problem says that a renewal was interrupted
 * at that time, since nothing else can bring the lost token back.
 */
export function createTokenRenewals(context: RenewalContext, options: RenewalOptions = {}): TokenRenewals {
  const { database, keyring, manifests, integrations, secrets, now } = context;
  const leaseMs = options.leaseMs ?? defaultLeaseMs;
  const gate = createRenewalGate({ most: options.most ?? 64, mostOfProvider: options.mostOfProvider ?? 16 });
  const flights = new Map<number, Promise<StoredToken>>();
  const stopping = new AbortController();
  const givingUp = new AbortController();
  const noted = new WeakSet<Error>();

  async function renewShared(renewal: Renewal): Promise<StoredToken> {
    const open = await secrets.read(renewal.connectionId);
    const isRenewed = renewal.version !== undefined && renewal.version !== open.token_version;
    if ((!renewal.force || isRenewed) && suffices(open.token, renewal)) return open.token;
    const flying = flights.get(renewal.connectionId);
    if (flying) return flying;
    stopping.signal.throwIfAborted();
    const flight = renewOnce(renewal, open).finally(() => flights.delete(renewal.connectionId));
    flights.set(renewal.connectionId, flight);
    return flight;
  }

  function suffices(token: StoredToken | undefined, { refused }: Renewal): token is StoredToken {
    return token !== undefined && token.accessToken !== refused && isFresh(token, now());
  }

  async function renewOnce(renewal: Renewal, open: OpenSecrets): Promise<StoredToken> {
    const { manifest } = await manifests.getActive(open.environment_id);
    const provider = findProvider(manifest, open.integration);
    throwIfHelpless(renewal, { provider, open });
    return gate.run({ provider: provider.name, urgent: !renewal.background }, async () => {
      const claim = await claimOrTake(renewal, open);
      return 'claimed_at' in claim ? renewClaimed(renewal, { claim, manifest, provider }) : claim;
    });
  }

  /** A refused token that cannot be replaced and has not ended: whether the connection is dead is the caller's to find out. */
  function throwIfHelpless(
    { refused }: Renewal,
    { provider, open }: { provider: DeployedProvider; open: OpenSecrets },
  ): void {
    const { credentials, token } = open;
    if (refused === undefined || !token || wayToToken(provider, credentials, token) !== 'none') return;
    if (isValid(token, now())) throw new NotRenewable(provider);
  }

  async function renewClaimed(
    { connectionId }: Renewal,
    { claim, manifest, provider }: { claim: ClaimedRenewal; manifest: Manifest; provider: DeployedProvider },
  ): Promise<StoredToken> {
    const { environment_id: environmentId, integration, token_version: version, config } = claim;
    const where = { keyring, connectionId };
    let kept: TokenToKeep;
    try {
      const credentials = await openCredentials(claim.credentials, where);
      const previous = claim.token === null ? undefined : await openToken(claim.token, where);
      const values = await integrations.resolve({ environmentId, manifest, integration, provider });
      const question = {
        environmentId,
        provider,
        credentials,
        token: previous,
        config,
        integration: values,
        signal: givingUp.signal,
      };
      kept = { connectionId, version, provider, credentials, token: await askProvider(context, question) };
    } catch (error) {
      // Whoever goes away does not know what the provider did: the claim stays, and says so.
      if (!givingUp.signal.aborted) await fail(error, { connectionId, claim });
      throw error;
    }
    // From here on a failure leaves the claim where it is: it tells that the answer was lost.
    if (await store(kept)) return kept.token;
    const { token } = await secrets.read(connectionId);
    if (suffices(token, { connectionId })) return token;
    throw new TenonError('conflict', 'The connection got other credentials while its token was renewed.', {
      hint: 'Try again.',
    });
  }

  /** The claim, or the token that another process stored while this one waited for it. */
  async function claimOrTake(renewal: Renewal, first: OpenSecrets): Promise<ClaimedRenewal | StoredToken> {
    const { connectionId } = renewal;
    let open = first;
    const endMs = performance.now() + 2 * leaseMs;
    for (let pauseMs = 20; performance.now() < endMs; pauseMs = Math.min(pauseMs * 1.5, 250)) {
      const claim = await claimRenewal(database, { connectionId, version: open.token_version, leaseMs });
      if (claim) return claim;
      await delay(pauseMs * (0.5 + Math.random() / 2));
      open = await secrets.read(connectionId);
      if (open.token_version !== first.token_version && suffices(open.token, renewal)) return open.token;
      throwIfFailed(open, first);
      // Another process asks the provider. Whoever only wanted a younger one goes on with what is good still.
      if (open.token && open.token.accessToken !== renewal.refused && isValid(open.token, now()) && !renewal.force) {
        return open.token;
      }
      stopping.signal.throwIfAborted();
    }
    throw new TenonError('unavailable', 'Other processes tried to renew the token, and none of them came to an end.', {
      hint: 'Try again in a moment.',
    });
  }

  /** The process that had the claim failed a moment ago: its answer is this one's too. */
  function throwIfFailed(open: OpenSecrets, first: OpenSecrets): void {
    const { problem } = open;
    if (!problem || problem.failures === first.problem?.failures || open.token_version !== first.token_version) return;
    const error = toProblemError(problem);
    noted.add(error);
    throw error;
  }

  function store(kept: TokenToKeep): Promise<boolean> {
    const { connectionId } = kept;
    return repeatUntilStored(() => keepToken(context, kept), {
      signal: stopping.signal,
      onFailure: (error) => options.log?.warn({ err: error, connectionId }, 'a new token could not be stored; again'),
      onSurrender: (error) =>
        options.log?.error({ err: error, connectionId }, 'a new token was lost: the database did not take it'),
    });
  }

  async function fail(error: unknown, { connectionId, claim }: { connectionId: number; claim: ClaimedRenewal }) {
    try {
      const explained = explainInterruption(error, { interruptedAt: claim.interrupted_at, problem: claim.problem });
      const isFinal = error instanceof NotRenewable;
      const failed = {
        connectionId,
        version: claim.token_version,
        error: explained,
        isFinal,
        claimedAt: claim.claimed_at,
      };
      if (error instanceof Error && classifyFailure(error) !== undefined) {
        noted.add(error);
        await recordProblem(context, failed);
      } else await releaseClaim(database, { connectionId, claimedAt: claim.claimed_at });
    } catch (cause) {
      options.log?.warn({ err: cause, connectionId }, 'a failed renewal could not be noted');
    }
  }

  return {
    renew: renewShared,
    hasNoted: (error) => error instanceof Error && noted.has(error),
    async stop({ graceMs }) {
      stopping.abort(new TenonError('unavailable', 'The server is stopping.', { hint: 'Try again in a moment.' }));
      gate.close();
      const patience = new AbortController();
      const late = delay(graceMs, undefined, { signal: patience.signal, ref: false }).catch(() => undefined);
      await Promise.race([Promise.allSettled(flights.values()), late]);
      patience.abort();
      // What hangs still would keep the provider's connections, and so the process, open until its deadline.
      givingUp.abort(stopping.signal.reason);
    },
  };
}
