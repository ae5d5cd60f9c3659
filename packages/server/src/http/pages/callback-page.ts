import { escapeHtml } from './escape-html.ts';

export interface CallbackPage {
  readonly title: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** For the window that opened this one; null: nobody is to be told. */
  readonly attempt: { readonly id: string; readonly status: string } | null;
}

export const callbackScriptPath = '/oauth/callback.js';
export const callbackStylePath = '/oauth/callback.css';

/** What a customer sees for a moment after the provider, or for good when no window waits for it. */
export function renderCallbackPage({ title, message, hint, attempt }: CallbackPage): string {
  const data = attempt ? ` data-attempt="${escapeHtml(attempt.id)}" data-status="${escapeHtml(attempt.status)}"` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${callbackStylePath}">
<script src="${callbackScriptPath}" defer></script>
</head>
<body${data}>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(message)}</p>
${hint === undefined ? '' : `<p>${escapeHtml(hint)}</p>\n`}</main>
</body>
</html>
`;
}

/**
 * Tells the hosted page, and nobody else: the message goes to windows of this server's own origin only. The channel
 * reaches it even where the provider's pages cut the tie to the opener.
 */
export const callbackScript = `const { attempt, status } = document.body.dataset;
if (attempt) {
  const message = { type: 'tenon:attempt', attempt, status };
  const channel = new BroadcastChannel('tenon-connect');
  channel.postMessage(message);
  if (window.opener) window.opener.postMessage(message, window.location.origin);
  if (window.opener || status === 'succeeded') setTimeout(() => window.close(), 400);
}
`;

export const callbackStyle = `:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
body { display: grid; min-height: 100vh; margin: 0; place-items: center; }
main { box-sizing: border-box; max-width: 30rem; padding: 2rem; }
h1 { font-size: 1.25rem; }
`;
