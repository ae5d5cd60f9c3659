import { whoamiSchema, type Whoami } from '@tenon/runtime/contract';
import { readActiveVersion } from '../../../database/queries/read-active-version.ts';
import { findEnvironment } from '../../../environments/find-environment.ts';
import { defineRoute } from '../../route/define-route.ts';

export const getWhoamiRoute = defineRoute({
  method: 'GET',
  path: '/v1/whoami',
  summary: 'Says which environment the API key belongs to.',
  tag: 'server',
  access: 'key',
  scope: 'any',
  answer: { status: 200, description: 'The environment, the key and the server.', schema: whoamiSchema },
  errors: [],
  async handle({ caller }, { database, version }): Promise<Whoami> {
    const { environment: name } = caller;
    const { parent, expires_at: expiresAt } = await findEnvironment(database, { home: caller, name });
    return {
      environment: name,
      parent,
      expiresAt: expiresAt?.toISOString() ?? null,
      key: {
        id: caller.keyId,
        name: caller.keyName,
        prefix: caller.keyPrefix,
        scopes: [...caller.scopes],
        expiresAt: caller.expiresAt?.toISOString() ?? null,
      },
      server: { version },
      activeVersion: await readActiveVersion(database, caller.environmentId),
    };
  },
});
