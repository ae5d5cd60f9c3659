import { isIdentifierName } from './property-name.ts';

/**
 * Adds an integration to the text of a tenon.config.ts.
 * @returns the new text; undefined when the file does not have the shape `export default defineConfig({ integrations: { ... } })`
 */
export async function addIntegrationToConfig(
  text: string,
  integration: { name: string; provider: string },
): Promise<string | undefined> {
  // 0.4 s to load: only `tenon add` waits for it.
  const { Node, Project, QuoteKind } = await import('ts-morph');
  const project = new Project({
    useInMemoryFileSystem: true,
    manipulationSettings: { quoteKind: QuoteKind.Single },
    skipLoadingLibFiles: true,
  });
  const file = project.createSourceFile('tenon.config.ts', text);
  const exported = file.getExportAssignment((item) => !item.isExportEquals())?.getExpression();
  if (!Node.isCallExpression(exported) || exported.getExpression().getText() !== 'defineConfig') return undefined;
  const [config] = exported.getArguments();
  if (!Node.isObjectLiteralExpression(config)) return undefined;
  const property = config.getProperty('integrations');
  const integrations = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
  if (!Node.isObjectLiteralExpression(integrations)) return undefined;
  integrations.addPropertyAssignment({
    name: isIdentifierName(integration.name) ? integration.name : `'${integration.name}'`,
    initializer: `{ provider: '${integration.provider}' }`,
  });
  return file.getFullText();
}
