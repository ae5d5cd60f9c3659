/** The variable that the server reads a field from where the code does not say: GITHUB_CLIENT_SECRET. */
export function defaultVariableName(integration: string, field: string): string {
  const words = field.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2');
  return `${integration}_${words}`.replaceAll('-', '_').toUpperCase();
}
