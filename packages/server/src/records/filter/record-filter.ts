/** What narrows a list of records, or an export. */
export interface RecordFilter {
  readonly ids?: readonly string[] | undefined;
  /** ISO 8601 time. */
  readonly updatedAfter?: string | undefined;
  readonly deleted: 'exclude' | 'include' | 'only';
  /** JSON object of dot paths to values, as the request has it. */
  readonly where?: string | undefined;
}
