import type { Keyring } from '../keyring.ts';

/** A keyring that can be looked into, and that can be made to refuse. */
export function createMemoryKeyring(): Keyring & { readonly secrets: Map<string, string>; refuses: boolean } {
  const secrets = new Map<string, string>();
  return {
    secrets,
    refuses: false,
    async store(account, secret) {
      if (this.refuses) return false;
      secrets.set(account, secret);
      return true;
    },
    read: async (account) => secrets.get(account),
    async remove(account) {
      secrets.delete(account);
    },
  };
}
