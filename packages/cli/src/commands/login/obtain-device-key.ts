import type { StartDeviceLogin, StartedDeviceLogin } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import type { ApiClient } from '../../api-client/api-client.ts';
import { createApiClient } from '../../api-client/create-api-client.ts';
import type { CommandContext } from '../../command-context.ts';
import { openBrowser } from '../../connect/open-browser.ts';
import { wait } from '../../follow/wait.ts';

/** RFC 8628 section 3.5. */
const slowDownMs = 5_000;
/** A question that a network swallowed is asked again. */
const questionTimeoutMs = 15_000;

/**
 * Shows a code, and waits until somebody with a key has approved it at the server.
 * @returns the new key
 * @throws TenonError `input_needed` without a terminal, unless it may wait; `login_denied`, `login_expired`
 */
export async function obtainDeviceKey(
  context: CommandContext,
  options: { url: string; canOpen: boolean; canWait: boolean; request: StartDeviceLogin },
): Promise<string> {
  const { output, isInteractive, signal, env } = context;
  if (!isInteractive && !options.canWait) {
    throw new TenonError('input_needed', 'There is no terminal to show a code on.', {
      hint: 'Pipe a key in with --token -, set TENON_URL and TENON_API_KEY, or pass --device to wait for an approval all the same.',
    });
  }
  const server = createApiClient({ url: options.url, apiKey: '' });
  try {
    const started = await start(server, { request: options.request, signal });
    const { page, pageWithCode } = addressesOf(started, options.url);
    const { bold } = output.colors;
    output.line(`Open ${bold(page)} and type the code ${bold(started.userCode)}`);
    output.line(
      output.colors.dim(`or, where you have a key: tenon login approve ${started.userCode} --url ${options.url}`),
    );
    output.event({ event: 'approve', url: page, urlWithCode: pageWithCode, userCode: started.userCode });
    if (isInteractive && options.canOpen) await openBrowser(pageWithCode, env.variables);
    const progress = output.progress('waiting for the approval');
    try {
      return await collect(server, { started, signal });
    } finally {
      progress.stop();
    }
  } finally {
    server.close();
  }
}

async function start(
  server: ApiClient,
  { request, signal }: { request: StartDeviceLogin; signal: AbortSignal },
): Promise<StartedDeviceLogin> {
  try {
    return await server.startDeviceLogin(request, { signal });
  } catch (error) {
    if (!(error instanceof TenonError) || error.code !== 'not_found') throw error;
    throw new TenonError('not_found', 'This server is too old to log in to with a code.', {
      hint: 'Update it, or make a key there and pipe it in with --token -.',
      cause: error,
    });
  }
}

async function collect(
  server: ApiClient,
  { started, signal }: { started: StartedDeviceLogin; signal: AbortSignal },
): Promise<string> {
  const endsAt = Date.now() + started.expiresInSeconds * 1_000;
  let intervalMs = started.intervalSeconds * 1_000;
  while (Date.now() < endsAt) {
    await wait(intervalMs, signal);
    signal.throwIfAborted();
    try {
      const { key } = await server.collectDeviceKey(started.deviceCode, { signal, timeoutMs: questionTimeoutMs });
      return key;
    } catch (error) {
      if (!(error instanceof TenonError)) throw error;
      if (error.code === 'login_slow_down') intervalMs += slowDownMs;
      // The server may restart meanwhile; the code outlives that.
      else if (!['login_pending', 'server_unreachable', 'unavailable', 'rate_limited'].includes(error.code))
        throw error;
    }
  }
  throw new TenonError('login_expired', 'Nobody approved the login in time.', { hint: 'Run `tenon login` again.' });
}

/** A server that was not told its public address names its own, where only its machine can open it. */
function addressesOf(started: StartedDeviceLogin, url: string): { page: string; pageWithCode: string } {
  const isLocal = (address: string) =>
    ['localhost', '127.0.0.1', '[::1]', '0.0.0.0'].includes(new URL(address).hostname);
  if (!isLocal(started.verificationUrl) || isLocal(url)) {
    return { page: started.verificationUrl, pageWithCode: started.verificationUrlComplete };
  }
  return { page: `${url}/device`, pageWithCode: `${url}/device#${started.userCode}` };
}
