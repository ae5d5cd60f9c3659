import { readCliVersion } from '../../../output/cli-version.ts';
import { withServer } from '../../../api-client/with-server.ts';
import { compareVersions } from '../compare-versions.ts';
import type { DoctorCheck } from '../doctor-check.ts';

/** The command line and the server speak the API of their version. */
export const serverVersion: DoctorCheck = {
  name: 'server version',
  about: 'network',
  asksServer: true,
  async run(context) {
    if ((await context.findTarget()) === undefined) return { status: 'skipped', found: 'no server to ask' };
    return withServer(context, context.flags, async (client) => {
      const { version } = await client.getHealth({ signal: context.signal });
      const own = readCliVersion();
      const difference = compareVersions(version, own);
      if (difference === 'same') return { status: 'ok', found: `${version}, as this command line` };
      if (difference === 'compatible') return { status: 'ok', found: `${version}; this command line is ${own}` };
      const isOlder = difference === 'older';
      return {
        status: 'warning',
        found: `${version}, which is ${difference} than this command line (${own})`,
        fix: isOlder
          ? `Update the server, or use the command line of its version: npx tenon@${version}.`
          : `Update tenon and @tenon/runtime in the project to ${version}.`,
      };
    });
  },
};
