import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectConfigSchema, type ProjectConfig } from '@tenon/runtime/contract';
import { TenonError } from '@tenon/runtime/errors';
import { bundleFile } from '../compile/bundle-file.ts';
import { createEvaluator } from '../compile/evaluate-bundle.ts';
import { configFileName } from './find-project-root.ts';
import { locateInSource } from './locate-in-source.ts';
import { createProblemsError, type ProjectProblem } from './project-problem.ts';

const example = 'export default defineConfig({ integrations: { github: {} } });';

/**
 * Bundles tenon.config.ts, evaluates it and checks it against its schema.
 * @throws TenonError `config_invalid` with the file and the line
 */
export async function loadConfig(root: string): Promise<ProjectConfig> {
  const value = await evaluateConfig(root);
  const text = await readFile(join(root, configFileName), 'utf8');
  if (value === undefined) {
    throw createProblemsError([
      {
        code: 'config_invalid',
        message: `${configFileName} has no default export.`,
        hint: `Write \`${example}\`.`,
        file: configFileName,
        line: 1,
      },
    ]);
  }
  const parsed = projectConfigSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first, ...rest] = parsed.error.issues.map((issue): ProjectProblem => {
    const keys = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
    return {
      code: 'config_invalid',
      message: `${issue.path.length === 0 ? 'the config' : issue.path.join('.')}: ${issue.message}`,
      hint: `A config looks like \`${example}\`.`,
      file: configFileName,
      ...locateInSource(text, keys.map(String)),
    };
  });
  throw first === undefined ? parsed.error : createProblemsError([first, ...rest]);
}

async function evaluateConfig(root: string): Promise<unknown> {
  try {
    const bundle = await bundleFile(root, configFileName);
    const evaluate = await createEvaluator();
    return evaluate(bundle.code, configFileName)['default'];
  } catch (error) {
    if (!(error instanceof TenonError)) throw error;
    // A broken config is one kind of error, whether it fails to bundle or throws.
    throw new TenonError('config_invalid', error.message, {
      hint: error.hint ?? `A config looks like \`${example}\`.`,
      cause: error,
      ...(error.details !== undefined && { details: error.details }),
    });
  }
}
