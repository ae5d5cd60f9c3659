import type { CommandContext } from '../../command-context.ts';
import { listProviders, type ListedProvider } from '../../project/list-providers.ts';
import { shippedTemplatesFolder } from '../../project/templates-folder.ts';

/** Lists the providers that ship with the CLI, by category. */
export async function runProviders(
  { output }: Pick<CommandContext, 'output'>,
  options: { words: string | undefined; templatesFolder?: string },
): Promise<void> {
  const all = await listProviders(options.templatesFolder ?? shippedTemplatesFolder);
  const items = all.filter((provider) => matches(provider, options.words ?? ''));
  if (items.length === 0) {
    output.line(`No provider matches "${options.words}". Any other API can be described in providers/<name>.yaml.`);
  } else {
    const rows = items.toSorted((a, b) => compare(categoryOf(a), categoryOf(b)) || compare(a.name, b.name));
    output.table(rows, [
      { title: 'CATEGORY', value: (row) => categoryOf(row) },
      { title: 'PROVIDER', value: ({ name }) => name },
      { title: 'NAME', value: ({ displayName }) => displayName },
      { title: 'AUTH', value: ({ authMode }) => authMode },
      { title: 'SCRIPTS', value: ({ functions }) => (functions.length === 0 ? '' : functions.join(', ')) },
    ]);
    output.line();
    output.line(`${items.length} of ${all.length}. Add one with \`tenon add <provider>\`.`);
  }
  output.result({ items });
}

/** Every word has to be somewhere. */
function matches({ name, displayName, categories, authMode }: ListedProvider, words: string): boolean {
  const text = [name, displayName, ...categories, authMode].join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function categoryOf({ categories }: ListedProvider): string {
  return categories[0] ?? 'other';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
