import { existsSync, readdirSync } from 'node:fs';
import {
  formatRecording,
  recordingSchema,
  redactRecording,
  refuseSecrets,
  type Recording,
} from '@tenon/runtime/recording';
import { replayRun, resumeEverywhere, type ReplayedDefinition } from '@tenon/runtime/testing';
import { describe, expect, it } from 'vitest';
import { listStarters, openTemplate } from './harness.ts';

/*
 * The recordings that come with the scripts, so that a new project has tests: made here of the fixtures of the same
 * names. `npx vitest run templates/recordings.test.ts -u` writes them.
 */

const clock = '2026-01-02T03:04:05.000Z';

/** What the functions are called with; as in the template's own tests. */
const calls: Readonly<Record<string, { input?: unknown; settings?: unknown }>> = {
  'github/issues': { settings: { repos: ['octocat/Hello-World'] } },
  'github/create-issue': {
    input: {
      repo: 'octocat/Hello-World',
      title: 'Found a bug',
      body: "I'm having a problem with this.",
      labels: ['bug'],
      assignees: ['octocat'],
    },
  },
  'github/add-labels': { input: { repo: 'octocat/Hello-World', number: 1347, labels: ['enhancement'] } },
  'hubspot/create-contact': { input: { email: 'example@hubspot.com', firstName: 'Jane', lastName: 'Doe' } },
  'hubspot/update-company': { input: { id: '5775', name: 'Biglytics GmbH', employees: 300 } },
  'sandbox/create-issue': { input: { title: 'Printer on fire', labels: ['bug'] } },
  'sandbox/close-issue': { input: { id: 'iss_1' } },
  'sandbox-oauth/create-issue': { input: { title: 'Printer on fire' } },
  'sandbox-oauth/assign-issue': { input: { id: 'iss_2', assignee: 'bela2' } },
  'slack/post-message': {
    input: { channel: 'C123ABC456', text: "Here's a message for you", threadTimestamp: '1503435900.000100' },
  },
  'slack/add-reaction': { input: { channel: 'C123ABC456', timestamp: '1503435956.000247', emoji: 'thumbsup' } },
  'stripe/create-customer': {
    input: { name: 'Jenny Rosen', email: 'jennyrosen@example.com', metadata: { order_id: '6735' } },
  },
  'stripe/create-refund': {
    input: { paymentIntent: 'pi_1GszsK2eZvKYlo2CfhZyoZLp', amount: 500, reason: 'requested_by_customer' },
  },
};

const root = new URL('./', import.meta.url);

const functions = listStarters().flatMap((template) =>
  (['syncs', 'actions'] as const).flatMap((folder) =>
    readdirSync(new URL(`${template}/${folder}/`, root)).map((file) => ({
      template,
      folder,
      name: file.replace(/\.ts$/, ''),
    })),
  ),
);

describe.each(functions)('the recording of $template/$name', ({ template, folder, name }) => {
  async function open() {
    const { provider, fixture } = openTemplate(template);
    const script = (await import(new URL(`${template}/${folder}/${name}.ts`, root).href)) as {
      default: ReplayedDefinition;
    };
    const { input, settings } = calls[`${template}/${name}`] ?? {};
    const draft = redactRecording({
      formatVersion: 1,
      function: { integration: template, name },
      kind: script.default.kind,
      provider: template,
      recordedAt: clock,
      clock,
      connection: { id: 'user1', ...(settings !== undefined && { settings }) },
      ...(input !== undefined && { input }),
      exchanges: fixture(name),
    });
    const recording = recordingSchema.parse({ ...draft, outcome: {} });
    const { outcome } = await replayRun(script.default, recording, { provider });
    const complete: Recording = { ...recording, outcome };
    return { definition: script.default, provider, recording: complete };
  }

  it('is what the script makes of its fixture, without a secret or an error', async () => {
    const { recording } = await open();
    expect(recording.outcome.error).toBeUndefined();
    expect(recording.outcome.records ?? recording.outcome.output).toBeDefined();
    refuseSecrets(recording, { secrets: [], allowed: [] });
    const file = `${template}/recordings/${name}/example.recording.json`;
    await expect(formatRecording(recording, file)).toMatchFileSnapshot(file);
  });

  if (folder === 'actions') return;
  it('comes to the same wherever the run is interrupted', async () => {
    const { definition, provider, recording } = await open();
    const { places, findings } = await resumeEverywhere(definition, recording, { provider });
    expect(findings).toEqual([]);
    expect(places).toBeGreaterThan(0);
  });
});

it('leaves no recording of a function that a template does not have any more', () => {
  const listed = listStarters().flatMap((template) => {
    const folder = new URL(`${template}/recordings/`, root);
    return existsSync(folder) ? readdirSync(folder).map((name) => `${template}/${name}`) : [];
  });
  expect(listed.sort()).toEqual(functions.map(({ template, name }) => `${template}/${name}`).sort());
});
