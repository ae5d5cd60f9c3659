/** One input of the settings form, made from JSON Schema. */
export type SettingsNode = {
  /** From the settings' root; the last part is the property's name. */
  readonly path: readonly string[];
  readonly title: string;
  readonly description: string | undefined;
  readonly isRequired: boolean;
  readonly initial: unknown;
} & (
  | {
      readonly kind: 'text';
      readonly format: 'text' | 'email' | 'url' | 'date';
      readonly pattern: string | undefined;
      readonly minLength: number | undefined;
      readonly maxLength: number | undefined;
    }
  | {
      readonly kind: 'number';
      readonly isInteger: boolean;
      readonly minimum: number | undefined;
      readonly maximum: number | undefined;
    }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly options: readonly SettingsOption[] }
  | {
      readonly kind: 'choices';
      readonly options: readonly SettingsOption[];
      readonly minItems: number | undefined;
      readonly maxItems: number | undefined;
    }
  | { readonly kind: 'list'; readonly minItems: number | undefined; readonly maxItems: number | undefined }
  | { readonly kind: 'group'; readonly children: readonly SettingsNode[] }
  /** Anything that has no input of its own is written as JSON. */
  | { readonly kind: 'json' }
);

export interface SettingsOption {
  readonly value: string | number;
  readonly title: string;
}

export function settingsKeyOf(node: Pick<SettingsNode, 'path'>): string {
  return ['settings', ...node.path].join('.');
}

/** Every input, without the groups around them. */
export function listInputs(nodes: readonly SettingsNode[]): SettingsNode[] {
  return nodes.flatMap((node) => (node.kind === 'group' ? listInputs(node.children) : [node]));
}
