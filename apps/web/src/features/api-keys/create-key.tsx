import { lazy, Suspense } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useKey } from '../../lib/keys.ts';
import { paths } from '../../lib/paths.ts';
import { useTo, useUrlParam } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { Button } from '../../ui/button.tsx';

const CreateKeyDialog = lazy(() =>
  import('./create/create-key-dialog.tsx').then((m) => ({ default: m.CreateKeyDialog })),
);
const DeliverKeyDialog = lazy(() =>
  import('./create/deliver-key-dialog.tsx').then((m) => ({ default: m.DeliverKeyDialog })),
);

/** Makes a key or takes one in: the button, its key, and the dialog, whose ways have addresses so that they open from anywhere. */
export function CreateKey({ kept }: { kept: Record<string, string> }) {
  const can = useCan();
  const to = useTo();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [copyFrom] = useUrlParam('copy');
  const [person] = useUrlParam('person');
  const mayCreate = can('api-keys:write');
  const way = pathname === paths.keyImport ? 'import' : 'create';
  const isOpen = mayCreate && (way === 'import' || (pathname === paths.keyNew && person === null));
  const isSending = can('api-keys:deliver') && pathname === paths.keyNew && person !== null;
  const go = (path: string) => void navigate(to(path, kept), { preventScrollReset: true });
  useKey('n', 'Create a key', () => go(paths.keyNew), mayCreate && !isOpen);
  return (
    <>
      <Button
        variant="primary"
        size="s"
        icon="plus"
        kbd="N"
        disabledReason={mayCreate ? undefined : 'Your role does not create keys. Owners and admins can.'}
        onClick={() => go(paths.keyNew)}
      >
        Create key
      </Button>
      {isSending && (
        <Suspense>
          <DeliverKeyDialog personId={person} onClose={() => go(paths.keys)} />
        </Suspense>
      )}
      {isOpen && (
        <Suspense>
          <CreateKeyDialog
            way={way}
            onWay={(next) => go(next === 'import' ? paths.keyImport : paths.keyNew)}
            onClose={() => go(paths.keys)}
            {...(copyFrom !== null && way === 'create' && { copyFrom })}
          />
        </Suspense>
      )}
    </>
  );
}
