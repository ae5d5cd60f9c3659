import type { Connection, ErrorBody, Run, TriggeredRun } from '@tenon/runtime/contract';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startSandboxProject, type SandboxProject } from '../harness/sandbox-project.ts';
import { mountSmallDisk, type SmallDisk } from '../harness/small-disk.ts';
import { waitUntil } from '../harness/wait-until.ts';

const syncIssues = `import { defineSync, z } from '@tenon/runtime';
export default defineSync({
  models: { Issue: z.object({ id: z.string(), title: z.string() }) },
  async run(sync) {
    for await (const page of sync.paginate<{ id: string | number; title: string }>('/issues')) {
      await sync.save('Issue', page.map(({ id, title }) => ({ id: String(id), title })));
    }
  },
});
`;

let disk: SmallDisk | undefined;
let world: SandboxProject | undefined;
afterEach(async () => {
  disk?.makeRoom();
  await world?.stop();
  disk?.remove();
  [world, disk] = [undefined, undefined];
});

test('a full disk is answered with database_disk_full and a hint, and all goes on when there is space', async ({
  skip,
}) => {
  disk = mountSmallDisk(300) ?? skip('needs root and mount');
  const started = await startSandboxProject({
    sandbox: { issues: 100 },
    files: { 'integrations/sandbox/syncs/issues.ts': syncIssues },
    dataDirectory: path.join(disk.directory, 'data'),
  });
  world = started;
  await started.deploy();
  await started.connect();

  disk.fill();
  // Random, so that Postgres cannot compress it into the room that its files have left.
  const body = { metadata: { note: randomBytes(300_000).toString('base64') } };
  const refused = await started.server.call<ErrorBody>('PATCH', '/v1/connections/sandbox/acme', body);
  expect(refused.status).toBe(507);
  expect(refused.body.error).toMatchObject({
    code: 'database_disk_full',
    hint: expect.stringContaining('Free some space'),
  });

  disk.makeRoom();
  const patched = await waitUntil('the connection can be changed again', async () => {
    const answer = await started.server.call<Connection>('PATCH', '/v1/connections/sandbox/acme', body);
    return answer.status === 200 ? answer.body : undefined;
  });
  expect(patched.metadata).toEqual(body.metadata);
  const { body: triggered } = await started.server.call<TriggeredRun>(
    'POST',
    '/v1/connections/sandbox/acme/syncs/issues/trigger',
  );
  const run = await waitUntil('the run has ended', async () => {
    const answer = await started.server.call<Run>('GET', `/v1/runs/${triggered.run.id}`);
    return answer.body.finishedAt ? answer.body : undefined;
  });
  expect(run).toMatchObject({ status: 'succeeded', counts: { added: 100 } });
}, 120_000);
