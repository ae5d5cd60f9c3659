import type { ConnectionProblem, ConnectionTest } from '@tenon/runtime/contract';
import { TenonError, type ErrorCode } from '@tenon/runtime/errors';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { parsePair } from '../parse-pair.ts';

/** The exit code tells who can do something about it: the customer (13), nobody here (14), the developer (11). */
const codeOf: Readonly<Record<ConnectionProblem['class'], ErrorCode>> = {
  revoked: 'provider_unauthorized',
  provider_down: 'provider_unreachable',
  misconfigured: 'integration_misconfigured',
};

/**
 * Tries a connection's credentials at the provider.
 * @throws TenonError by the class of the problem that was found
 */
export async function runConnectionsTest(context: CommandContext, name: string, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  const [integration, connection] = parsePair(name, '<integration>/<connection>');
  await withServer(context, flags, async (server) => {
    const progress = output.progress('Asking the provider');
    let test: ConnectionTest;
    try {
      test = await server.testConnection({ integration, connection }, { signal });
    } finally {
      progress.stop();
    }
    const { problem } = test;
    if (!test.ok) {
      throw new TenonError(
        problem ? codeOf[problem.class] : 'provider_unauthorized',
        `${name} does not work: ${problem?.message ?? 'the provider refused it.'}`,
        { hint: problem?.hint ?? hintOf(problem, { integration, connection }), details: { test } },
      );
    }
    const took = `${Math.round(test.durationMs)} ms`;
    output.line(
      test.verified
        ? `${output.colors.green('✓')} ${name} works (${took}).`
        : `${output.colors.green('✓')} ${name} has credentials; the provider has no request to try them with.`,
    );
    output.result({ test });
  });
}

function hintOf(problem: ConnectionProblem | null, ref: { integration: string; connection: string }): string {
  if (problem?.class === 'provider_down') return 'Try again later; the server does so too.';
  if (problem?.class === 'misconfigured') return `Run \`tenon integrations show ${ref.integration}\`.`;
  return `Run \`tenon connect ${ref.integration} --connection ${ref.connection} --reconnect\`, or have the customer do it.`;
}
