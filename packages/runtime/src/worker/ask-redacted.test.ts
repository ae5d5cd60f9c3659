import { describe, expect, it } from 'vitest';
import type { AskServer } from '../execute/script-environment.ts';
import { askRedacted } from './ask-redacted.ts';
import { createRunRedactor } from './run-redactor.ts';

const answers: Record<string, unknown> = {
  variable: 'variable-value',
  credentials: { apiKey: 'credential-value' },
  metadata: { plan: 'pro-plan' },
};
const server = (async ({ kind }: { kind: string }) => answers[kind]) as AskServer;

describe('askRedacted', () => {
  it('takes variables and credentials out of what the run says from then on', async () => {
    const redactor = createRunRedactor({ mode: 'none', fields: {} });
    const ask = askRedacted(server, redactor);
    const text = 'variable-value, credential-value, pro-plan';
    expect(redactor.redactText(text)).toBe(text);
    await ask({ kind: 'variable', name: 'X' });
    await ask({ kind: 'credentials' });
    await ask({ kind: 'metadata', change: 'patch', metadata: {} });
    expect(redactor.redactText(text)).toBe('[redacted], [redacted], pro-plan');
    expect(redactor.redactError({ code: 'script_failed', message: text }).message).not.toContain('value');
  });
});

describe('whether a text has a secret in it', () => {
  it('knows each spelling in which an address carries it', () => {
    const redactor = createRunRedactor({ mode: 'none', fields: { key: 'a b/c+d', short: 'x' } });
    expect(redactor.isIn('/items?key=a%20b%2Fc%2Bd')).toBe(true);
    expect(redactor.isIn('key a b/c+d')).toBe(true);
    expect(redactor.isIn('/exit?page=2')).toBe(false);
  });
});
