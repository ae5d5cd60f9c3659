import { profileNamePattern } from './profile.ts';

/** What a profile is called that nobody named: after its server, with the port where there is one. */
export function defaultProfileName(url: string): string {
  const name = new URL(url).host.replaceAll(/[^A-Za-z0-9.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return profileNamePattern.test(name) ? name : 'default';
}
