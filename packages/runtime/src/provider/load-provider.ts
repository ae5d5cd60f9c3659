import { LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { TenonError } from '../errors/tenon-error.ts';
import { findTemplateProblems } from './template-problems.ts';
import { providerSchema, type Provider } from './provider-schema.ts';
import { readPath } from './read-path.ts';

export interface ProviderProblem {
  /** Dot-separated path in the file; empty: the file as a whole. */
  path: string;
  expected: string;
  got: string;
  /** First line is 1. */
  line?: number;
}

function describeExpected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `no key ${issue.keys.join(', ')}`;
    case 'invalid_format':
      return issue.format === 'regex' ? issue.message : `a valid ${issue.format}`;
    case 'invalid_union':
      // A mode or a style that does not exist; zod writes the known ones as 'a' | 'b'.
      return issue.message.replace(/^Invalid discriminator value\. Expected /, '').replaceAll("' | '", "', '");
    default:
      return issue.message.replace(/^Invalid input: expected /, '');
  }
}

function describeGot(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null)
    return `an object with ${Object.keys(value).join(', ') || 'no keys'}`;
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The line of a path, or of its nearest parent that exists (the value itself may be missing). */
function findLine(document: Document, counter: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return counter.linePos(range[0]).line;
  }
  return undefined;
}

function failLoading(source: string, problems: ProviderProblem[]): never {
  const lines = problems.map(({ path, expected, got, line }) => {
    const place = [path || 'file', line === undefined ? '' : `(line ${line})`].filter(Boolean).join(' ');
    return `  ${place}: expected ${expected}, got ${got}`;
  });
  throw new TenonError('provider_invalid', `${source} is not a valid provider:\n${lines.join('\n')}`, {
    hint: 'Correct each of the listed values.',
    details: { source, problems },
  });
}

/**
 * Reads a provider.yaml.
 * @param source the file's path, for messages
 * @returns the provider with defaults filled in
 * @throws TenonError `provider_invalid` listing every problem with its path, what was expected and what is there
 */
export function loadProvider(yamlText: string, source: string): Provider {
  const lineCounter = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter });
  if (document.errors.length > 0) {
    failLoading(
      source,
      document.errors.map((error) => ({
        path: '',
        expected: 'valid YAML',
        got: error.message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? error.code,
        line: lineCounter.linePos(error.pos[0]).line,
      })),
    );
  }
  const raw: unknown = document.toJS();
  const parsed = providerSchema.safeParse(raw);
  const found = parsed.success
    ? findTemplateProblems(parsed.data)
    : parsed.error.issues.map((issue) => ({
        path: issue.path,
        expected: describeExpected(issue),
        got: describeGot(issue.path.length === 0 ? raw : readPath(raw, issue.path.map(String).join('.'))),
      }));
  if (found.length > 0 || !parsed.success) {
    failLoading(
      source,
      found.map((problem) => {
        const line = findLine(document, lineCounter, problem.path);
        return { ...problem, path: problem.path.map(String).join('.'), ...(line === undefined ? {} : { line }) };
      }),
    );
  }
  return parsed.data;
}
