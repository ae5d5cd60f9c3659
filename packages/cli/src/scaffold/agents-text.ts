import type { Provider } from '@tenon/runtime/provider';
import { describeSetup } from '../integrations/describe-setup.ts';

/** AGENTS.md of a user's project: what someone, or a coding agent, must know to work on it. */
export function createAgentsText(run: string, provider: Provider): string {
  const secrets = createSecretsText(run, provider);
  return `# Integrations with Tenon

This project holds integrations as code: TypeScript that reads from and writes to other products' APIs for each
connected customer. Tenon runs it, keeps the records and serves them to our app.

## Where things are

| Task | Place |
| --- | --- |
| which integrations there are, and their providers | \`tenon.config.ts\` |
| read data on a schedule | \`integrations/<integration>/syncs/<name>.ts\`, \`export default defineSync({ ... })\` |
| do something when the app asks for it | \`integrations/<integration>/actions/<name>.ts\`, \`export default defineAction({ ... })\` |
| what a run met and what came of it, repeated offline | \`tests/<integration>/<function>/<name>.recording.json\` |
| what records look like | \`integrations/<integration>/models.ts\`, zod schemas with an \`id\` |
| an API that Tenon does not know | \`providers/<name>.yaml\`; \`${run} tenon providers\` lists the others |
| a provider's OAuth client, scopes | \`values\` and \`scopes\` of the integration in \`tenon.config.ts\`; secrets with \`variable('NAME')\` |

## Rules

- Import everything from \`@tenon/runtime\`, also \`z\`. Any npm package in plain JavaScript can be used; native addons cannot.
- The file's name is the function's name: lower-case letters, digits and dashes, unique in its integration.
- Call the API with \`sync.get\`, \`sync.post\` and \`sync.paginate\` (paths are relative to the provider's base URL): they
  sign, retry and keep to rate limits. Never handle credentials.
- Save page by page, with \`await sync.save('Model', records)\`; do not collect everything first.
- Code outside \`run\` only declares: it is evaluated on every check and deploy.
- A script may be stopped at any time and run again: make it safe to repeat.
- Never write a secret into the code: \`${run} tenon env set NAME\`, or \`TENON_VAR_NAME\` in \`.env\` for \`tenon dev\`.${secrets}

## Commands

\`\`\`
${run} tenon check       types and definitions; run it after every change
${run} tenon test        replays the recordings; \`${run} tenon record\` makes them
${run} tenon generate    write the typed SDK for the app
${run} tenon dev         a local server that runs every change at once
${run} tenon integrations --check   whether everything that connecting needs is configured
${run} tenon deploy      show what changes, then make it live
\`\`\`

Every command takes \`--json\` and tells in its exit code what happened (0 done, 10 types, 11 definitions).
`;
}

function createSecretsText(run: string, provider: Provider): string {
  const variables = describeSetup(provider.name, provider)
    .values.filter(({ isOptional }) => !isOptional)
    .map(({ variable }) => `\`${variable}\``);
  if (variables.length === 0) return '';
  return `\n- ${provider.displayName} needs ${variables.join(' and ')}; see \`${run} tenon integrations show ${provider.name}\`.`;
}
