import { exitCodes, exitMeanings } from '@tenon/runtime/errors';
import { environmentVariables } from './environment-variables.ts';

/** What `tenon help <topic>` shows beside the commands. */
export const helpTopics: Readonly<Record<string, () => string>> = {
  environment: () => `Environment variables that the command line reads; those of the project's .env come after them.

${columns(environmentVariables)}
`,
  'exit-codes': () => `Exit codes of every command. Each error names its code; docs/errors.md explains them.

${columns(Object.entries(exitCodes).map(([name, code]) => [String(code), exitMeanings[name as keyof typeof exitCodes]]))}
`,
};

/** At the end of `tenon --help`. */
export const topicsNote = `
Run \`tenon help <command>\` for its flags and examples, \`tenon help environment\` for environment variables,
and \`tenon help exit-codes\` for exit codes.
`;

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}
