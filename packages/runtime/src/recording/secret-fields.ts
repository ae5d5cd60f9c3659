/**
 * Fields of bodies that hold secrets whatever API they are of. Narrower than what logs leave out: the `key` of an issue
 * or the `session` of a conference is data, and a recording without it would test nothing.
 */
const secretField =
  /^(?:.*(?:accesstoken|refreshtoken|idtoken|authtoken|bearertoken|apitoken|sessiontoken|clientsecret|apikey|secretkey|privatekey|signingkey|signingsecret|webhooksecret|password|passwd|passphrase)|token|secret|authorization|jwt|assertion|clientassertion|sessionid|sid|setcookie|cookie)$/;

/** Whether a field of a body holds a secret. Texts of a few characters are none. */
export function isSecretField(name: string, value: unknown): boolean {
  if (typeof value !== 'string' || value.length < 6) return false;
  return secretField.test(name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
}
