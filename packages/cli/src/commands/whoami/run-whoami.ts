import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import { describeExpiry } from '../environments/describe-expiry.ts';
import type { CommandContext } from '../../command-context.ts';

/** Says which server and which key a command would use here, and where each was found. */
export async function runWhoami(context: CommandContext, flags: TargetFlags): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server, target) => {
    const whoami = await server.whoami({ signal });
    const active = whoami.activeVersion === 0 ? 'nothing deployed' : `version ${whoami.activeVersion} active`;
    const dim = output.colors.dim;
    output.line(`server       ${target.url}  ${dim(`${whoami.server.version}, from ${target.urlFrom}`)}`);
    output.line(`key          ${whoami.key.name} (${whoami.key.prefix}...)  ${dim(`from ${target.apiKeyFrom}`)}`);
    output.line(`scopes       ${whoami.key.scopes.join(', ')}`);
    const parent = whoami.parent ?? undefined;
    const name = parent === undefined ? whoami.environment : `${whoami.environment} (a preview of ${parent})`;
    output.line(`environment  ${name}  ${dim(active)}`);
    if (whoami.expiresAt) output.line(`expires      ${describeExpiry(whoami.expiresAt)}`);
    output.result({ ...whoami, url: target.url, urlFrom: target.urlFrom, apiKeyFrom: target.apiKeyFrom });
  });
}
