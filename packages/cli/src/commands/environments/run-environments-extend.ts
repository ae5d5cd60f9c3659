import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { describeExpiry } from './describe-expiry.ts';
import { parseTtl } from './parse-ttl.ts';

/** Lets a preview live so long from now on. */
export async function runEnvironmentsExtend(
  context: CommandContext,
  name: string,
  flags: TargetFlags & { readonly ttl: string },
): Promise<void> {
  const { output, signal } = context;
  const ttlMs = parseTtl(flags.ttl);
  await withServer(context, flags, async (server) => {
    const preview = await server.extendPreview(name, { ttlMs }, { signal });
    output.line(
      `${output.colors.green('✓')} The preview ${name} lives until ${describeExpiry(preview.expiresAt ?? '')}.`,
    );
    output.result(preview);
  });
}
