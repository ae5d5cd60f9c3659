import type { Translate } from '../text/text-context.ts';
import { listInputs, settingsKeyOf, type SettingsNode } from './settings-node.ts';

/** What the inputs hold, by `settingsKeyOf`: text, except switches (boolean) and lists (texts). */
export type SettingsValues = Readonly<Record<string, string | boolean | readonly string[]>>;

export function initialSettings(nodes: readonly SettingsNode[]): SettingsValues {
  return Object.fromEntries(listInputs(nodes).map((node) => [settingsKeyOf(node), initialOf(node)]));
}

function initialOf(node: SettingsNode): string | boolean | readonly string[] {
  const { initial } = node;
  switch (node.kind) {
    case 'boolean':
      return initial === true;
    case 'list':
    case 'choices':
      return Array.isArray(initial) ? initial.map(String) : [];
    case 'json':
      return initial === undefined ? '' : JSON.stringify(initial, null, 2);
    default:
      return typeof initial === 'string' || typeof initial === 'number' ? String(initial) : '';
  }
}

export interface ReadSettings {
  readonly settings: Record<string, unknown>;
  /** By `settingsKeyOf`, for the reader. */
  readonly problems: Record<string, string>;
}

/** Turns what the inputs hold into the settings that are sent, leaving out what was left empty. */
export function readSettings(nodes: readonly SettingsNode[], values: SettingsValues, text: Translate): ReadSettings {
  const settings: Record<string, unknown> = {};
  const problems: Record<string, string> = {};
  for (const node of nodes) {
    const name = node.path.at(-1) ?? '';
    if (node.kind === 'group') {
      const inner = readSettings(node.children, values, text);
      Object.assign(problems, inner.problems);
      if (node.isRequired || Object.keys(inner.settings).length > 0) settings[name] = inner.settings;
      continue;
    }
    const read = readInput(node, values[settingsKeyOf(node)], text);
    if ('problem' in read) problems[settingsKeyOf(node)] = read.problem;
    else if (read.value !== undefined) settings[name] = read.value;
  }
  return { settings, problems };
}

type Read = { readonly value: unknown } | { readonly problem: string };

function readInput(
  node: Exclude<SettingsNode, { kind: 'group' }>,
  value: SettingsValues[string] | undefined,
  text: Translate,
): Read {
  if (node.kind === 'boolean') return { value: value === true };
  if (node.kind === 'list' || node.kind === 'choices') {
    const entries = (Array.isArray(value) ? (value as readonly string[]) : [])
      .map((entry) => entry.trim())
      .filter(Boolean);
    if (node.minItems !== undefined && entries.length < node.minItems) {
      return { problem: text('problemTooFew', { limit: node.minItems }) };
    }
    if (node.maxItems !== undefined && entries.length > node.maxItems) {
      return { problem: text('problemTooMany', { limit: node.maxItems }) };
    }
    if (node.kind === 'list') return { value: entries };
    return { value: node.options.filter((option) => entries.includes(String(option.value))).map((o) => o.value) };
  }
  const typed = typeof value === 'string' ? value.trim() : '';
  if (typed === '') {
    const missing = node.kind === 'choice' ? text('problemChoose') : text('problemRequired');
    return node.isRequired ? { problem: missing } : { value: undefined };
  }
  switch (node.kind) {
    case 'number':
      return readNumber(node, typed, text);
    case 'choice':
      return { value: node.options.find((option) => String(option.value) === typed)?.value };
    case 'json':
      try {
        return { value: JSON.parse(typed) as unknown };
      } catch {
        return { problem: text('problemJson') };
      }
    default:
      return readText(node, typed, text);
  }
}

function readNumber(node: Extract<SettingsNode, { kind: 'number' }>, typed: string, text: Translate): Read {
  const number = Number(typed.replace(/^([+-]?\d*),(\d+)$/, '$1.$2'));
  if (!Number.isFinite(number)) return { problem: text('problemNumber') };
  if (node.isInteger && !Number.isInteger(number)) return { problem: text('problemInteger') };
  const { minimum, maximum } = node;
  if (minimum !== undefined && number < minimum) return { problem: text('problemMinimum', { limit: minimum }) };
  if (maximum !== undefined && number > maximum) return { problem: text('problemMaximum', { limit: maximum }) };
  return { value: number };
}

function readText(node: Extract<SettingsNode, { kind: 'text' }>, typed: string, text: Translate): Read {
  const { minLength, maxLength } = node;
  if (minLength !== undefined && typed.length < minLength) {
    return { problem: text('problemTooShort', { limit: minLength }) };
  }
  if (maxLength !== undefined && typed.length > maxLength) {
    return { problem: text('problemTooLong', { limit: maxLength }) };
  }
  return fits(node.pattern, typed) ? { value: typed } : { problem: text('problemPattern') };
}

/** JSON Schema's patterns are not anchored. */
function fits(pattern: string | undefined, typed: string): boolean {
  if (pattern === undefined) return true;
  try {
    return new RegExp(pattern, 'u').test(typed);
  } catch {
    return true;
  }
}
