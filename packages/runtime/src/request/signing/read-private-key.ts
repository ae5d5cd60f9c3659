import { createPrivateKey, type KeyObject } from 'node:crypto';
import { TenonError } from '../../errors/tenon-error.ts';

/**
 * Reads a private key in PEM: PKCS#8, PKCS#1 or SEC 1. Environment variables often hold its line breaks as `\n`.
 * @param where what the key is, for the error
 * @throws TenonError `credentials_invalid`, without a word of the key
 */
export function readPrivateKey(pem: string, where: string): KeyObject {
  try {
    return createPrivateKey(pem.replaceAll(String.raw`\n`, '\n').trim());
  } catch {
    // The cause is left out: OpenSSL's messages may quote what they could not read.
    throw new TenonError('credentials_invalid', `${where} is not a private key in PEM.`, {
      hint: 'Expected a text from "-----BEGIN PRIVATE KEY-----" to "-----END PRIVATE KEY-----", with no passphrase.',
    });
  }
}
