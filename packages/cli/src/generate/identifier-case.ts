/** `create-issue` -> `createIssue`. */
export function toCamelCase(kebab: string): string {
  return kebab.replace(/-+(.?)/g, (_, letter: string) => letter.toUpperCase());
}

/** `create-issue`, `createIssue` or any property name -> `CreateIssue`; only letters and digits are kept. */
export function toPascalCase(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** `Issue` -> `issue`, `URLItem` -> `urlItem`, `API` -> `api`: a leading acronym is lowered as one word. */
export function lowerFirstWord(typeName: string): string {
  return typeName.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+(?![a-z])|^[A-Z]/, (word) => word.toLowerCase());
}
