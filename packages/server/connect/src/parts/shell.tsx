import type { ReactNode } from 'react';

/** The card that every view is shown in, below the app's name. */
export function Shell(props: {
  readonly appName: string | undefined;
  readonly logoUrl: string | undefined;
  readonly children: ReactNode;
}): ReactNode {
  const { appName, logoUrl, children } = props;
  return (
    <div className="page">
      {(appName !== undefined || logoUrl !== undefined) && (
        <header className="brand">
          {logoUrl !== undefined && (
            <img className="brand-logo" src={logoUrl} alt={appName === undefined ? 'Logo' : ''} />
          )}
          {appName !== undefined && <span className="brand-name">{appName}</span>}
        </header>
      )}
      <main className="card">{children}</main>
    </div>
  );
}
