import type { IntegrationSetup } from '../../integrations/describe-setup.ts';
import type { Output } from '../../output/output.ts';

/** What remains to be done by hand. */
export function printSetup(output: Output, integration: string, setup: IntegrationSetup): void {
  const { colors } = output;
  const required = setup.values.filter(({ isOptional }) => !isOptional);
  if (required.length > 0) {
    output.line();
    output.line(`Before customers can connect ${integration}:`);
    if (setup.url !== undefined) output.line(`  register your app at ${colors.cyan(setup.url)}`);
    if (setup.note !== undefined) output.line(`  ${setup.note}`);
    if (setup.needsCallback) {
      output.line(`  with the callback URL that \`tenon integrations show ${integration}\` prints once it is deployed`);
    }
    for (const { variable, title } of required) {
      output.line(`  ${colors.cyan(`tenon env set ${variable}`)}  ${colors.dim(title)}`);
    }
  }
}
