import type { Environment } from '@tenon/runtime/contract';
import { formatTime } from '../../output/format-time.ts';
import type { Output } from '../../output/output.ts';
import { describeExpiry } from './describe-expiry.ts';

/** What there is to know of an environment, a line each. */
export function printEnvironment(output: Output, environment: Environment): void {
  const { name, parent, activeVersion, expiresAt, allowWrites, borrowed, createdAt } = environment;
  output.line(`name       ${name}`);
  if (parent !== null) output.line(`preview of ${parent}`);
  output.line(`deployed   ${activeVersion === 0 ? 'nothing' : `version ${activeVersion}`}`);
  output.line(`writes     ${allowWrites ? 'allowed' : 'blocked'}`);
  if (parent !== null) output.line('schedules  off');
  output.line(`made       ${formatTime(createdAt)} UTC`);
  output.line(`expires    ${expiresAt === null ? 'never' : describeExpiry(expiresAt)}`);
  for (const { integration, connection } of borrowed) output.line(`borrows    ${integration}/${connection}`);
}
