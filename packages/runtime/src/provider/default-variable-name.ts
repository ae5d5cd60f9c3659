/** The variable that a field of an integration is read from when the code does not say: `github` and `clientSecret` make GITHUB_CLIENT_SECRET. */
export function defaultVariableName(integration: string, field: string): string {
  const words = field.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2');
  return `${integration}_${words}`.replaceAll('-', '_').toUpperCase();
}
