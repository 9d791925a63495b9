import type { ReactNode } from 'react';
import { PageLinks, type PageLink } from './page-links.tsx';
import { paths } from './paths.ts';

const pages: readonly PageLink[] = [
  { path: paths.keys, label: 'Keys', permission: 'api-keys:read' },
  { path: paths.keyPolicies, label: 'Policies', permission: 'api-keys:read' },
  { path: paths.keyLeaks, label: 'Leaks', permission: 'api-keys:read' },
  { path: paths.keySecrets, label: 'Other secrets', permission: 'secrets:read' },
];

/** The pages about keys and secrets. */
export function KeyPageLinks({ children }: { children?: ReactNode }) {
  return (
    <PageLinks label="API keys" pages={pages}>
      {children}
    </PageLinks>
  );
}
