interface Listed {
  readonly name: string;
  readonly displayName: string;
  readonly categories: readonly string[];
}

/** Those of the category whose name or categories have every word of the query; names that begin with it come first. */
export function filterIntegrations<Integration extends Listed>(
  integrations: readonly Integration[],
  by: { readonly query: string; readonly category: string | null },
): Integration[] {
  const words = fold(by.query).split(/\s+/).filter(Boolean);
  const found = integrations.filter((integration) => {
    if (by.category !== null && !integration.categories.includes(by.category)) return false;
    const text = fold([integration.displayName, integration.name, ...integration.categories].join(' '));
    return words.every((word) => text.includes(word));
  });
  const isFirst = (entry: Listed): boolean => words.length > 0 && fold(entry.displayName).startsWith(words[0] ?? '');
  return [...found.filter(isFirst), ...found.filter((entry) => !isFirst(entry))];
}

/** By name, each once. */
export function categoriesOf(integrations: readonly Listed[]): string[] {
  return [...new Set(integrations.flatMap((integration) => integration.categories))].sort();
}

const abbreviations = new Set(['ats', 'crm', 'hr', 'erp', 'ai', 'sms', 'pos']);

/** `dev-tools` is read as "Dev tools", `crm` as "CRM". */
export function categoryTitle(category: string): string {
  if (abbreviations.has(category)) return category.toUpperCase();
  const words = category.replace(/-/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Without case and accents: "cafe" finds "Café". */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
