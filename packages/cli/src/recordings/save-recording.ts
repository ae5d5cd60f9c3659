import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TenonError } from '@tenon/runtime/errors';
import {
  formatRecording,
  recordingSchema,
  redactRecording,
  refuseSecrets,
  type Recording,
  type RecordingDraft,
} from '@tenon/runtime/recording';
import type { Project } from '../project/project.ts';
import { planFiles } from '../scaffold/plan-files.ts';
import { writeFiles } from '../scaffold/write-files.ts';
import { findRecordingPlace, toRecordingFile } from './recording-place.ts';
import { createTestFileText } from './test-file-text.ts';

export interface SaveOptions {
  readonly name: string;
  /** Proves that the redacted recording replays, and completes it with what comes of it: `Replays.adopt`. */
  readonly replay: (recording: Recording) => Promise<Recording>;
  readonly signal: AbortSignal;
  /** Values that must not be in it. */
  readonly secrets?: readonly string[];
  /** JSON paths whose content only looks like a secret. */
  readonly allowedSecrets?: readonly string[];
  readonly redactEmails?: boolean;
  /** Whether a recording of this name is replaced. Default false: then it is an error. */
  readonly replace?: boolean;
}

export interface SavedRecording {
  readonly recording: Recording;
  /** From the project's root. */
  readonly file: string;
  readonly testFile: string;
  /** Whether the test file is new; one that exists is its user's. */
  readonly isTestNew: boolean;
}

/**
 * Redacts what a run met, replays it to learn what comes of it, looks for secrets, and writes the recording with, for
 * the function's first, its test. All of it or nothing.
 * @throws TenonError `recording_secret`, `recording_too_large`, `file_exists`, `usage_invalid`; `replay_unmatched` and
 *   `replay_unused` when the run cannot be repeated
 */
export async function saveRecording(
  project: Project,
  draft: RecordingDraft,
  options: SaveOptions,
): Promise<SavedRecording> {
  const { secrets = [], allowedSecrets = [], signal, replace = false } = options;
  const file = toRecordingFile(draft.function, options.name);
  const { testFile } = findRecordingPlace(draft.function);
  const script = findScript(project, draft);
  const redacted = redactRecording(draft, { secrets, redactEmails: options.redactEmails === true });
  // Before the scripts get to see it: their own errors might repeat what should not be here.
  refuseSecrets(redacted, { secrets, allowed: allowedSecrets });
  const complete = recordingSchema.parse({ ...redacted, outcome: {} });
  const recording = await options.replay(complete);
  refuseSecrets(recording, { secrets, allowed: allowedSecrets });
  const text = formatRecording(recording, file);
  const { integration, name } = draft.function;
  const plan = await planFiles(project.root, [
    { path: file, text, ...(replace && { ifDifferent: 'replace' }) },
    {
      path: testFile,
      text: createTestFileText({ integration, name }, await describeTest(project, script)),
      ifDifferent: 'keep',
    },
  ]);
  await writeFiles(project.root, { changes: plan.changes, signal });
  return { recording, file, testFile, isTestNew: plan.changes.some(({ path }) => path === testFile) };
}

type Script = Project['scripts'][number];

function findScript(project: Project, { function: ref }: RecordingDraft): Script {
  const script = project.scripts.find((item) => item.integration === ref.integration && item.name === ref.name);
  if (script !== undefined) return script;
  throw new TenonError('not_found', `The project has no sync or action ${ref.integration}/${ref.name}.`, {
    hint: `Its functions: ${project.scripts.map((item) => `${item.integration}/${item.name}`).join(', ') || 'none'}.`,
  });
}

async function describeTest(
  { root, hooks, integrations }: Project,
  { kind, source, integration }: Script,
): Promise<Parameters<typeof createTestFileText>[1]> {
  const manifest = await readOrEmpty(join(root, 'package.json'));
  const config = await readOrEmpty(join(root, 'tsconfig.json'));
  const provider = integrations.find(({ name }) => name === integration)?.provider.name;
  return {
    kind,
    source,
    runner: /"vitest"\s*:/.test(manifest) ? 'vitest' : 'node',
    importsTs: /"(?:allowImportingTsExtensions|rewriteRelativeImportExtensions)"\s*:\s*true/.test(config),
    hooks: hooks.find((item) => item.provider === provider && item.root === root)?.entry,
  };
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
