import type { ReactNode } from 'react';
import { Icon } from '../parts/icon.tsx';
import { ViewTitle } from '../parts/view-title.tsx';
import { useText } from '../text/text-context.ts';

/** Nothing can be done on this page any more, or yet: only the app can open it anew. */
export function EndView({ kind }: { readonly kind: 'expired' | 'noSession' }): ReactNode {
  const text = useText();
  return (
    <div className="centered">
      <span className="emblem">
        <Icon name="clock" />
      </span>
      <ViewTitle>{text(kind === 'expired' ? 'expiredTitle' : 'noSessionTitle')}</ViewTitle>
      {kind === 'expired' && <p className="lead">{text('expiredText')}</p>}
      <p className="lead">{text(kind === 'expired' ? 'expiredHint' : 'noSessionHint')}</p>
    </div>
  );
}
