export type ProxyVariables = Readonly<Record<string, string | undefined>>;

/** A variable of the surroundings in lower case or, as most write it, in upper case; empty: it is not set. */
export function readProxyVariable(variables: ProxyVariables, name: string): string {
  return variables[name] ?? variables[name.toUpperCase()] ?? '';
}
