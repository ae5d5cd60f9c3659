import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import { describeExpiry } from '../environments/describe-expiry.ts';
import type { CommandContext } from '../../command-context.ts';
import { loginCommand, readKeyExpiry } from '../../profiles/key-expiry.ts';

/** Says which server and which key a command would use here, and where each was found. */
export async function runWhoami(
  context: CommandContext,
  flags: TargetFlags,
  now: () => number = Date.now,
): Promise<void> {
  const { output, signal } = context;
  await withServer(context, flags, async (server, target) => {
    const whoami = await server.whoami({ signal });
    const active = whoami.activeVersion === 0 ? 'nothing deployed' : `version ${whoami.activeVersion} active`;
    const { expiresAt } = whoami.key;
    const expiry = readKeyExpiry(expiresAt, now());
    const { profile = null } = target;
    const dim = output.colors.dim;
    output.line(`server       ${target.url}  ${dim(`${whoami.server.version}, from ${target.urlFrom}`)}`);
    output.line(`key          ${whoami.key.name} (${whoami.key.prefix}...)  ${dim(`from ${target.apiKeyFrom}`)}`);
    output.line(`scopes       ${whoami.key.scopes.join(', ')}`);
    if (expiresAt !== undefined) {
      output.line(
        `expires      ${expiresAt === null ? 'never' : `${expiresAt.slice(0, 10)}  ${dim(daysOf(expiry.daysLeft))}`}`,
      );
    }
    const parent = whoami.parent ?? undefined;
    const name = parent === undefined ? whoami.environment : `${whoami.environment} (a preview of ${parent})`;
    output.line(`environment  ${name}  ${dim(parent === undefined ? `of the key; ${active}` : active)}`);
    if (whoami.expiresAt) output.line(`deleted      ${describeExpiry(whoami.expiresAt)}`);
    if (profile !== null) output.line(`profile      ${profile}`);
    if (expiry.state !== 'good') {
      const mend =
        profile === null
          ? 'make another with `tenon keys create`'
          : `run \`${loginCommand({ name: profile, url: target.url })}\``;
      output.note(`The key expires soon: ${mend}.`);
    }
    output.result({
      ...whoami,
      url: target.url,
      urlFrom: target.urlFrom,
      apiKeyFrom: target.apiKeyFrom,
      profile,
      expiresSoon: expiry.state !== 'good',
    });
  });
}

function daysOf(days: number | null): string {
  return days === 1 ? 'in a day' : `in ${days ?? 0} days`;
}
