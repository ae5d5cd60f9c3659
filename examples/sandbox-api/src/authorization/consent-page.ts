import type { PendingConsent } from './authorization-server.ts';
import { scopeTexts } from './scopes.ts';

/** The page on which a customer allows an app to use the account, or denies it. */
export function renderConsentPage({ clientName, scopes }: PendingConsent): string {
  const wishes = scopes.map((scope) => `<li>${escapeHtml(scopeTexts[scope] ?? scope)}</li>`).join('');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Allow access? - Sandbox</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 10vh auto; max-width: 24rem; padding: 0 1rem; }
  button { font: inherit; min-height: 44px; padding: 0 1.5rem; margin-right: 0.5rem; }
</style>
<main>
  <h1>Sandbox</h1>
  <p><strong>${escapeHtml(clientName)}</strong> wants to use the account "sandbox"${wishes ? ' to:' : '.'}</p>
  ${wishes && `<ul>${wishes}</ul>`}
  <form method="post">
    <button name="decision" value="allow">Allow</button>
    <button name="decision" value="deny">Deny</button>
  </form>
</main>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
