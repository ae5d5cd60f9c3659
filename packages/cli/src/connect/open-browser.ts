import { spawn } from 'node:child_process';
import { browserCommand } from './browser-command.ts';

/**
 * Opens an address in the user's browser. Never fails: whoever has no browser here uses the printed address.
 * @returns whether a program was started for it
 */
export function openBrowser(url: string, variables: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const found = browserCommand(url, { platform: process.platform, variables });
  if (found === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    try {
      const child = spawn(found.command, found.arguments, { detached: true, stdio: 'ignore' });
      // Stays attached as a listener: an error after the start must not end this process.
      child.on('error', () => resolve(false));
      child.once('spawn', () => resolve(true));
      child.unref();
    } catch {
      resolve(false);
    }
  });
}
