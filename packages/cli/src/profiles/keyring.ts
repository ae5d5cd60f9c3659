/** A place of the operating system for secrets. */
export interface Keyring {
  /** @returns false when it cannot be kept there */
  store(account: string, secret: string): Promise<boolean>;
  read(account: string): Promise<string | undefined>;
  remove(account: string): Promise<void>;
}
