import type { ConnectField, ConnectIntegration, ConnectView } from '@tenon/runtime/contract';

function field(over: Partial<ConnectField> & Pick<ConnectField, 'name' | 'title'>): ConnectField {
  return { group: 'credential', multiline: false, secret: false, optional: false, ...over };
}

function integration(over: Partial<ConnectIntegration> & Pick<ConnectIntegration, 'name'>): ConnectIntegration {
  return {
    provider: over.name,
    displayName: over.name,
    categories: [],
    docs: 'https://example.com/docs',
    help: null,
    authMode: 'api_key',
    flow: 'form',
    fields: [],
    settings: null,
    scopes: [],
    unavailable: null,
    ...over,
  };
}

/** Asks for something of every sort. */
export const helpDesk = integration({
  name: 'help-desk',
  displayName: 'Help Desk',
  categories: ['ticketing', 'support'],
  help: 'https://example.com/keys',
  fields: [
    field({
      name: 'subdomain',
      group: 'config',
      title: 'Subdomain',
      description: 'The first part of your address.',
      example: 'acme',
      pattern: '[a-z0-9-]+',
    }),
    field({ name: 'apiKey', title: 'API key', secret: true, example: 'hd_1234' }),
    field({
      name: 'region',
      group: 'config',
      title: 'Region',
      options: [
        { value: 'eu', title: 'Europe' },
        { value: 'us', title: 'United States' },
      ],
    }),
    field({ name: 'certificate', title: 'Certificate', multiline: true, optional: true }),
  ],
  settings: {
    type: 'object',
    properties: {
      projects: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'Keys of the projects.' },
      closedTickets: { type: 'boolean', default: true },
      depth: { type: 'integer', minimum: 1, maximum: 10, default: 3 },
      priority: { type: 'string', enum: ['low', 'high'] },
      filter: {
        type: 'object',
        properties: { label: { type: 'string' }, raw: { type: 'array', items: { type: 'object' } } },
      },
    },
    required: ['projects'],
  },
});

export const calendar = integration({
  name: 'calendar',
  displayName: 'Calendar',
  categories: ['calendar'],
  authMode: 'oauth2',
  flow: 'redirect',
  scopes: ['openid', 'https://www.example.com/auth/calendar.events.readonly', 'contacts:write', 'offline_access'],
});

export const unset = integration({
  name: 'unset',
  displayName: 'Unset CRM',
  categories: ['crm'],
  authMode: 'oauth2',
  flow: 'redirect',
  unavailable: 'The integration has no client id.',
});

const others = ['Alpha Mail', 'Beta Books', 'Gamma Chat', 'Delta Drive', 'Épsilon Pay'].map((displayName, index) =>
  integration({
    name: `other-${index}`,
    displayName,
    categories: [['mail', 'accounting', 'chat', 'storage', 'payments'][index] ?? 'mail'],
    fields: [field({ name: 'apiKey', title: 'API key', secret: true })],
  }),
);

export function sampleView(over: Partial<ConnectView> = {}): ConnectView {
  return {
    endUser: { id: 'user1', displayName: 'Uma' },
    integrations: [helpDesk, calendar, unset, ...others],
    connected: [],
    reconnect: null,
    theme: { appName: 'Acme', colorScheme: 'auto', radius: 8 },
    language: null,
    returnUrl: null,
    allowedOrigins: [],
    expiresAt: '2099-01-01T00:00:00.000Z',
    ...over,
  };
}
