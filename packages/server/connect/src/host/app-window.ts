import type { Connected } from '@tenon/runtime/contract';

/** The window of the app, where it opened this page as a popup. */
export interface AppWindow {
  readonly isPopup: boolean;
  tellConnected(connected: Connected): void;
  tellClosed(): void;
}

/** Messages go to the allowed origins only: the browser drops each one whose origin is not that of the opener. */
export function createAppWindow(page: Pick<Window, 'opener'>, allowedOrigins: readonly string[]): AppWindow {
  const opener = page.opener as Pick<Window, 'postMessage'> | null;
  const tell = (message: unknown): void => {
    for (const origin of allowedOrigins) opener?.postMessage(message, origin);
  };
  return {
    isPopup: opener !== null && allowedOrigins.length > 0,
    tellConnected: ({ integration, connection }) => tell({ type: 'tenon:connected', integration, connection }),
    tellClosed: () => tell({ type: 'tenon:closed' }),
  };
}
