/** Where editors find the format; the path is from providers/ in a project that has the runtime installed. */
export const providerSchemaPath = '../node_modules/@tenon/runtime/dist/provider.schema.json';

/** A provider's text as a project keeps it: editors complete it (the comment is read by yaml-language-server). */
export function createEjectedText(providerText: string): string {
  if (/^#\s*yaml-language-server:/m.test(providerText)) return providerText;
  return `# yaml-language-server: $schema=${providerSchemaPath}\n${providerText}`;
}
