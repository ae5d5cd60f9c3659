import type { ApiScope } from '@tenon/runtime/contract';
import { withServer } from '../../../api-client/with-server.ts';
import { readKeyExpiry } from '../../../profiles/key-expiry.ts';
import type { DoctorCheck } from '../doctor-check.ts';

/** What `tenon deploy` asks the server for. */
const deployScopes: readonly ApiScope[] = ['deployments:read', 'deployments:write', 'connections:read'];

export const key: DoctorCheck = {
  name: 'API key',
  about: 'network',
  asksServer: true,
  async run(context) {
    if ((await context.findTarget()) === undefined) return { status: 'skipped', found: 'no server to ask' };
    return withServer(context, context.flags, async (client, target) => {
      const whoami = await client.whoami({ signal: context.signal });
      const { name, scopes, expiresAt } = whoami.key;
      const found = `${name}, by ${target.apiKeyFrom}, environment ${whoami.environment}`;
      const again = target.profile === undefined ? 'Make another with `tenon keys create`' : 'Run `tenon login` again';
      const lacking = scopes.includes('admin') ? [] : deployScopes.filter((scope) => !scopes.includes(scope));
      if (lacking.length > 0) {
        return {
          status: 'warning',
          found: `${found}: it cannot deploy, since it lacks ${lacking.join(', ')}`,
          fix: `${again} with these scopes, if it shall.`,
        };
      }
      const { state, daysLeft } = readKeyExpiry(expiresAt, Date.now());
      if (state === 'good') return { status: 'ok', found };
      return { status: 'warning', found: `${found}: it expires in ${daysLeft ?? 0} days`, fix: `${again}.` };
    });
  },
};
