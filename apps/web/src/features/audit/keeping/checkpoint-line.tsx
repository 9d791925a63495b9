import { lazy, Suspense } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { formatAge, formatCount } from '../../../lib/format.ts';
import { useUrlParam } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button } from '../../../ui/button.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { useLastCheckpoint } from './use-keeping.ts';

const KeepingDrawer = lazy(() => import('./keeping-drawer.tsx').then((m) => ({ default: m.KeepingDrawer })));

/** The last signed checkpoint with its age, and the way to the key, the archives and their acts. */
export function CheckpointLine({ now }: { now: number }) {
  const can = useCan();
  const [shown, setShown] = useUrlParam('keeping');
  if (!can('audit:verify')) return null;
  return (
    <>
      <Button size="s" aria-haspopup="dialog" onClick={() => setShown('1')}>
        Checkpoints and archives
      </Button>
      <LastCheckpoint now={now} />
      {shown !== null && (
        <Suspense>
          <KeepingDrawer now={now} onClose={() => setShown(null)} />
        </Suspense>
      )}
    </>
  );
}

function LastCheckpoint({ now }: { now: number }) {
  const { data, error } = useLastCheckpoint();
  if (data === undefined) {
    return <span className="text-small text-ink-3">{error === null ? '' : describeError(error).message}</span>;
  }
  const [last] = data.rows;
  if (last === undefined)
    return (
      <span className="text-small text-ink-3">Nothing is signed yet; the first checkpoint comes within a minute.</span>
    );
  return (
    <span className="flex flex-wrap items-center gap-x-2 text-small text-ink-2">
      <span>
        Signed up to row <b>{formatCount(last.seq)}</b>, {formatAge(Math.max(0, now - last.createdAt))}, with key{' '}
        <span className="mono">{last.keyId}</span>
      </span>
      {last.writtenAt === null && <StatusWord tone="warn">not yet stored outside the database</StatusWord>}
    </span>
  );
}
