import type { DeviceLogin } from '@tenon/runtime/contract';
import type { TargetFlags } from '../../api-client/resolve-target.ts';
import { withServer } from '../../api-client/with-server.ts';
import type { CommandContext } from '../../command-context.ts';
import { formatTime } from '../../output/format-time.ts';
import { removeControls } from '../../output/remove-controls.ts';
import { confirmOrStop } from '../confirm-or-stop.ts';
import { readScopes } from '../read-scopes.ts';

export interface ApproveFlags extends TargetFlags {
  readonly scopes?: readonly string[];
  readonly deny?: boolean;
  readonly yes?: boolean;
}

/** Shows who asks for a key, and gives it, or tells that there will be none. */
export async function runLoginApprove(context: CommandContext, code: string, flags: ApproveFlags): Promise<void> {
  const { output, signal } = context;
  const scopes = flags.scopes && readScopes(flags.scopes);
  await withServer(context, flags, async (server) => {
    const login = await server.getDeviceLogin(code, { signal });
    const granted = scopes ?? login.grantedScopes;
    show(context, { login, granted });
    if (flags.deny === true) {
      await server.denyDeviceLogin(code, { signal });
      output.line(`${output.colors.green('✓')} Denied: nobody got a key.`);
      output.result({ denied: login.userCode });
      return;
    }
    if (flags.yes !== true) await confirmOrStop(context, 'Does it get a key? Approve only what you know of.');
    const approved = await server.approveDeviceLogin(code, scopes ? { scopes } : {}, { signal });
    output.line(`${output.colors.green('✓')} Approved: the command line goes on by itself.`);
    output.result({ approved });
  });
}

function show(
  { output }: CommandContext,
  { login, granted }: { login: DeviceLogin; granted: readonly string[] },
): void {
  output.line(`computer     ${removeControls(login.hostName)}  ${output.colors.dim('as it says')}`);
  output.line(`address      ${login.address}`);
  output.line(`asked at     ${formatTime(login.requestedAt)}`);
  output.line(`environment  ${login.environment}`);
  output.line(`scopes       ${granted.join(', ') || 'none'}`);
  output.line(`until        ${login.keyExpiresAt.slice(0, 10)}`);
  const missing = login.requestedScopes.filter((scope) => !granted.includes(scope));
  if (missing.length > 0) output.line(`not given    ${missing.join(', ')}`);
}
