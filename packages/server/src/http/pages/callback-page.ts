import { escapeHtml } from './escape-html.ts';

export interface CallbackPage {
  readonly title: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** For the window that opened this one; null: nobody is to be told. */
  readonly attempt: { readonly id: string; readonly status: string } | null;
}

/** Beside the page itself, whatever a proxy puts before it. */
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
<link rel="stylesheet" href="callback.css">
<script src="callback.js" defer></script>
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
 * Tells the hosted page, and nobody else: the message goes to a window of this server's own origin only. Where the
 * provider was opened in the hosted page's own tab, that page is loaded again and asks how the attempt ended. A window
 * that was opened for the provider closes itself; one that cannot says that it may be closed.
 */
export const callbackScript = `const { attempt: id, status } = document.body.dataset;

// A window that the hosted page opened has a copy of its storage, but is not its tab.
function isOpenedByPage() {
  try {
    return window.opener?.location.origin === window.location.origin;
  } catch {
    return false;
  }
}

function isOwnTab() {
  if (isOpenedByPage()) return false;
  try {
    return JSON.parse(sessionStorage.getItem('tenon:attempt') ?? 'null')?.id === id;
  } catch {
    return false;
  }
}

if (id && isOwnTab()) {
  window.location.replace('../connect');
} else if (id) {
  window.opener?.postMessage({ type: 'tenon:attempt', id, status }, window.location.origin);
  if (window.opener) setTimeout(() => window.close(), 300);
}
`;

export const callbackStyle = `:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
body { display: grid; min-height: 100vh; margin: 0; place-items: center; }
main { box-sizing: border-box; max-width: 30rem; padding: 2rem; }
h1 { font-size: 1.25rem; }
`;
