import type { ReactNode } from 'react';
import { useText } from '../text/text-context.ts';

/** Shown for the moment that the session takes to load; its spinner comes late, so that fast answers do not flicker. */
export function LoadingView(): ReactNode {
  const text = useText();
  return (
    <div className="centered loading" role="status">
      <span className="spinner" aria-hidden="true" />
      <p className="quiet">{text('loading')}</p>
    </div>
  );
}
