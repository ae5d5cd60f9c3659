import type { ListedProvider } from '../project/list-providers.ts';

export interface TemplateQuestion {
  readonly message: string;
  /** Offered, in this order, when nothing is typed. */
  readonly providers: readonly ListedProvider[];
  /** That stands first. */
  readonly preferred?: string;
  readonly signal: AbortSignal;
}

/** Asks for a provider by typing parts of its name, category or auth mode. Only on a terminal. */
export async function chooseTemplate({ message, providers, preferred, signal }: TemplateQuestion): Promise<string> {
  const { search } = await import('@inquirer/prompts');
  return search<string>(
    {
      message,
      pageSize: 12,
      source: (term) =>
        findProviders(providers, { words: term ?? '', preferred }).map((provider) => ({
          value: provider.name,
          name: describeProvider(provider),
          ...(provider.functions.length > 0 && { description: provider.functions.join(', ') }),
        })),
    },
    { signal },
  );
}

/** Those that have every word somewhere; whose name begins with what was typed come first, then those with scripts. */
export function findProviders(
  providers: readonly ListedProvider[],
  { words, preferred }: { words: string; preferred?: string | undefined },
): ListedProvider[] {
  const typed = words.trim().toLowerCase();
  const parts = typed.split(/\s+/);
  const rank = ({ name, displayName, functions }: ListedProvider) =>
    [
      typed === '' && name === preferred,
      typed !== '' && name === typed,
      typed !== '' && (name.startsWith(typed) || displayName.toLowerCase().startsWith(typed)),
      functions.length > 0,
    ].map((isTrue) => (isTrue ? '0' : '1'));
  const key = (provider: ListedProvider) => `${rank(provider).join('')} ${provider.name}`;
  return providers
    .filter((provider) => parts.every((part) => textOf(provider).includes(part)))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function textOf({ name, displayName, categories, authMode, functions }: ListedProvider): string {
  return [name, displayName, ...categories, authMode, ...functions].join(' ').toLowerCase();
}

function describeProvider({ name, displayName, categories, authMode }: ListedProvider): string {
  const known = displayName.toLowerCase() === name ? name : `${name} · ${displayName}`;
  return `${known} · ${categories[0] ?? 'other'} · ${authMode}`;
}
