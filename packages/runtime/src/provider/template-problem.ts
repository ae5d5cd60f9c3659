/** One thing wrong with a provider that its schema cannot say. */
export interface TemplateProblem {
  path: PropertyKey[];
  expected: string;
  got: string;
}
