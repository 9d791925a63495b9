import { lazy, Suspense } from 'react';
import { useUrlParam } from '../../lib/url-state.ts';
import { Button } from '../../ui/button.tsx';

const LookUpDialog = lazy(() => import('./lookup/look-up-dialog.tsx').then((m) => ({ default: m.LookUpDialog })));

/** Tells whether a text was ever a key of ours. In the address, so that the command palette opens it from anywhere. */
export function LookUpButton() {
  const [asked, setAsked] = useUrlParam('look-up');
  return (
    <>
      <Button size="s" icon="search" onClick={() => setAsked('1')}>
        Was this our key?
      </Button>
      {asked !== null && (
        <Suspense>
          <LookUpDialog onClose={() => setAsked(null)} />
        </Suspense>
      )}
    </>
  );
}
