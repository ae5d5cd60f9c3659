import { TenonError } from '@tenon/runtime/errors';
import { checkTypes } from '../compile/check-types.ts';
import type { Project } from '../project/project.ts';

const shownErrors = 10;

/**
 * Checks the types of what is about to be deployed.
 * @throws TenonError `types_failed` with the first errors and all of them in its details
 */
export async function requireTypes(project: Project, signal: AbortSignal): Promise<void> {
  const { diagnostics } = await checkTypes(project, { signal });
  if (diagnostics.length === 0) return;
  const lines = diagnostics.slice(0, shownErrors).map(({ file, line, message }) => {
    const place = file === undefined ? '' : `${file}:${line ?? 1}  `;
    return `\n  ${place}${message.split('\n')[0] ?? ''}`;
  });
  const more = diagnostics.length - lines.length;
  const count = diagnostics.length === 1 ? 'a type error' : `${diagnostics.length} type errors`;
  throw new TenonError(
    'types_failed',
    `The project has ${count}:${lines.join('')}${more > 0 ? `\n  and ${more} more` : ''}`,
    { hint: 'Run `tenon check` to see them with their code.', details: { diagnostics } },
  );
}
