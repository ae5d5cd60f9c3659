const features = { width: 560, height: 720 };

/** The window in which the customer signs in at the provider. */
export interface ProviderWindow {
  /** False when the browser did not open it. */
  readonly isOpen: boolean;
  /** Also true for a window that its page cut off from this one (COOP), so it is a reason to ask, never a result. */
  looksClosed(): boolean;
  goTo(url: string): void;
  close(): void;
}

/**
 * Opens an empty window. Call it in the very handler of a click: browsers block windows that open later, and the
 * provider's address is known only after a call to the server.
 */
export function openProviderWindow(page: Window): ProviderWindow {
  const left = Math.round(page.screenX + Math.max(0, (page.outerWidth - features.width) / 2));
  const top = Math.round(page.screenY + Math.max(0, (page.outerHeight - features.height) / 2));
  const opened = page.open(
    'about:blank',
    'tenon-provider',
    `popup=yes,width=${features.width},height=${features.height},left=${left},top=${top}`,
  );
  const isOpen = opened !== null && !opened.closed;
  return {
    isOpen,
    looksClosed: () => isOpen && opened.closed,
    goTo(url) {
      if (isOpen && !opened.closed) opened.location.href = url;
    },
    close() {
      if (isOpen) opened.close();
    },
  };
}
