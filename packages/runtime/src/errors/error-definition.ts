/** Exit codes of the CLI; docs/errors.md is generated from them. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  changesPending: 2,
  compile: 10,
  validation: 11,
  planRefused: 12,
  auth: 13,
  server: 14,
  interrupted: 130,
} as const;

export interface ErrorDefinition {
  /** HTTP status when an API answers with this error. */
  readonly status: number;
  /** Exit code when a CLI command ends with this error. */
  readonly exitCode: number;
  /** One sentence for docs/errors.md: when this happens. */
  readonly when: string;
}

/** Keeps the literal codes as a type while checking each definition. */
export function defineErrors<const Codes extends Record<string, ErrorDefinition>>(codes: Codes): Codes {
  return codes;
}
