import { TenonError } from '../errors/tenon-error.ts';

/** What the templates of a provider.yaml may name. */
export interface InterpolationValues {
  /** What the customer was asked for beside the credentials, and what connecting told of the account. */
  readonly connection?: Readonly<Record<string, string>>;
  /** The fields of the credential. */
  readonly credential?: Readonly<Record<string, string>>;
  /** What the developer configured: the OAuth client, keys of the app. */
  readonly integration?: Readonly<Record<string, string>>;
  /** What earlier requests of a token exchange captured. */
  readonly step?: Readonly<Record<string, string>>;
  /** The request that is being signed. */
  readonly request?: Readonly<Record<string, string>>;
}

export interface Placeholder {
  /** As written between `${` and `}`. */
  readonly text: string;
  /** Unset when the text is not of the form `<namespace>.<field>`. */
  readonly reference?: { readonly namespace: keyof InterpolationValues; readonly field: string };
}

const placeholderPattern = /\$\{([^}]*)\}/g;
const referencePattern = /^\s*(connection|credential|integration|step|request)\.([A-Za-z][A-Za-z0-9_]*)\s*$/;

function isNamespace(text: string | undefined): text is keyof InterpolationValues {
  return text !== undefined && ['connection', 'credential', 'integration', 'step', 'request'].includes(text);
}

const hints: Readonly<Record<keyof InterpolationValues, (field: string) => string>> = {
  connection: (field) => `Give the connection a value for ${field}.`,
  credential: (field) => `Connect again with a credential that has ${field}.`,
  integration: (field) => `Configure ${field} of the integration: \`tenon integrations\` says how.`,
  step: (field) => `Look at the provider's steps: none of them captured ${field}.`,
  request: (field) => `A request has no ${field} to sign.`,
};

function parsePlaceholder(text: string): Placeholder {
  const match = referencePattern.exec(text);
  if (!match?.[2] || !isNamespace(match[1])) return { text };
  return { text, reference: { namespace: match[1], field: match[2] } };
}

/** The `${...}` parts of a template, in order. */
export function listPlaceholders(template: string): Placeholder[] {
  return [...template.matchAll(placeholderPattern)].map((match) => parsePlaceholder(match[1] ?? ''));
}

/**
 * Fills the `${<namespace>.<field>}` parts of a template.
 * @param transform applied to each value before it is put in; gets the value and where in the template it goes
 * @throws TenonError `interpolation_failed` naming the missing value, never the value of another one
 */
export function interpolate(
  template: string,
  values: InterpolationValues,
  transform?: (value: string, place: { name: string; offset: number }) => string,
): string {
  if (!template.includes('${')) return template;
  return template.replace(placeholderPattern, (_whole, text: string, offset: number) => {
    const { reference } = parsePlaceholder(text);
    if (!reference) {
      throw new TenonError(
        'interpolation_failed',
        `The template "${template}" has a part that cannot be read: ${text}.`,
        {
          hint: 'Write ${connection.<field>}, ${credential.<field>} or ${integration.<field>}.',
          details: { template, name: text },
        },
      );
    }
    const name = `${reference.namespace}.${reference.field}`;
    const fields = values[reference.namespace] ?? {};
    const value = Object.hasOwn(fields, reference.field) ? fields[reference.field] : undefined;
    if (value === undefined) {
      throw new TenonError('interpolation_failed', `The template "${template}" needs ${name}, which is not set.`, {
        hint: hints[reference.namespace](reference.field),
        details: { template, name },
      });
    }
    return transform ? transform(value, { name, offset }) : value;
  });
}

/**
 * Fills every template of a set: headers, parameters, claims.
 * @throws TenonError as `interpolate`
 */
export function interpolateAll(
  templates: Readonly<Record<string, string>>,
  values: InterpolationValues,
): Record<string, string> {
  return Object.fromEntries(Object.entries(templates).map(([name, text]) => [name, interpolate(text, values)]));
}
