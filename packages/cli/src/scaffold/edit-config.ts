import type { ObjectLiteralExpression } from 'ts-morph';
import { isIdentifierName } from './property-name.ts';

/**
 * Adds an integration to the text of a tenon.config.ts, in the layout that the text has.
 * @returns the new text; undefined when the file does not have the shape `export default defineConfig({ integrations: { ... } })`
 */
export async function addIntegrationToConfig(
  text: string,
  integration: { name: string; provider: string },
): Promise<string | undefined> {
  const integrations = await findIntegrations(text);
  if (integrations === undefined) return undefined;
  const key = isIdentifierName(integration.name) ? integration.name : `'${integration.name}'`;
  const property = `${key}: { provider: '${integration.provider}' }`;
  const last = integrations.getProperties().at(-1);
  if (last === undefined) {
    // Between the braces there may be a comment, which stays before the new property.
    const inside = text.slice(integrations.getStart() + 1, integrations.getEnd() - 1).trimEnd();
    const separator = inside.includes('\n') || inside.includes('//') ? '\n' : ' ';
    return splice(
      text,
      { from: integrations.getStart() + 1, to: integrations.getEnd() - 1 },
      `${inside}${separator}${property}${separator}`,
    );
  }
  const lineStart = text.lastIndexOf('\n', last.getStart()) + 1;
  const isOnOwnLine = text.slice(lineStart, last.getStart()).trim() === '';
  const separator = isOnOwnLine ? `,\n${text.slice(lineStart, last.getStart())}` : ', ';
  // A trailing comma of the last property now ends the new one.
  return splice(text, { from: last.getEnd(), to: last.getEnd() }, `${separator}${property}`);
}

function splice(text: string, { from, to }: { from: number; to: number }, inserted: string): string {
  return text.slice(0, from) + inserted + text.slice(to);
}

async function findIntegrations(text: string): Promise<ObjectLiteralExpression | undefined> {
  // 0.4 s to load: only `tenon add` waits for it.
  const { Node, Project } = await import('ts-morph');
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  const file = project.createSourceFile('tenon.config.ts', text);
  const exported = file.getExportAssignment((item) => !item.isExportEquals())?.getExpression();
  if (!Node.isCallExpression(exported) || exported.getExpression().getText() !== 'defineConfig') return undefined;
  const [config] = exported.getArguments();
  if (!Node.isObjectLiteralExpression(config)) return undefined;
  const property = config.getProperty('integrations');
  const integrations = Node.isPropertyAssignment(property) ? property.getInitializer() : undefined;
  return Node.isObjectLiteralExpression(integrations) ? integrations : undefined;
}
