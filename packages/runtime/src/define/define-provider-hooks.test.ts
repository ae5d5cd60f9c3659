import { describe, expect, expectTypeOf, it } from 'vitest';
import { TenonError } from '../errors/tenon-error.ts';
import { defineProviderHooks, type HookToken, type ProviderHooks } from './define-provider-hooks.ts';
import { refuseCredentials } from './refuse-credentials.ts';

describe('defineProviderHooks', () => {
  it('keeps the hooks as they are, and does nothing', () => {
    const hooks: ProviderHooks = { verify: () => refuseCredentials('no') };
    expect(defineProviderHooks(hooks)).toEqual({ kind: 'provider-hooks', hooks });
  });

  it('types what each hook is given', () => {
    defineProviderHooks({
      beforeRequest(request, context) {
        expectTypeOf(request.body).toEqualTypeOf<Uint8Array | undefined>();
        expectTypeOf(context.credentials).toEqualTypeOf<Readonly<Record<string, string>>>();
        return { headers: { 'x-a': 'b', 'x-gone': null } };
      },
      obtainToken({ authorization }) {
        expectTypeOf(authorization?.code).toEqualTypeOf<string | undefined>();
        return { accessToken: 'a', expiresInSeconds: 60 };
      },
      renewToken({ token }) {
        expectTypeOf(token).toEqualTypeOf<HookToken>();
        return token;
      },
      async afterConnect({ request }) {
        return { account: (await request<{ id: string }>('/me')).data.id };
      },
      // A request that is left as it is needs no answer.
      verify() {},
    });
    // @ts-expect-error a hook of another name
    defineProviderHooks({ refresh() {} });
    // @ts-expect-error a token without an access token
    defineProviderHooks({ obtainToken: () => ({ token: 'a' }) });
    // @ts-expect-error values of a connection are texts
    defineProviderHooks({ afterConnect: () => ({ id: 1 }) });
  });
});

describe('refuseCredentials', () => {
  it('throws what asks the customer to connect again', () => {
    const refuse = () => refuseCredentials('The key was revoked.');
    expect(refuse).toThrow(TenonError);
    expect(refuse).toThrow(expect.objectContaining({ code: 'provider_unauthorized', message: 'The key was revoked.' }));
  });
});
