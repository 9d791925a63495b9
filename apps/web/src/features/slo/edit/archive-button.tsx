import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { Button } from '../../../ui/button.tsx';

const ArchiveDialog = lazy(() => import('./archive-dialog.tsx').then((m) => ({ default: m.ArchiveDialog })));

/** Takes an objective out of use, after a question. */
export function ArchiveButton({ slo }: { slo: { id: string; name: string } }) {
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
  const to = useTo();
  return (
    <>
      <Button variant="danger" size="s" className="ml-auto" onClick={() => setOpen(true)}>
        Archive SLO
      </Button>
      <Suspense>
        {open && (
          <ArchiveDialog slo={slo} onClose={() => setOpen(false)} onArchived={() => void navigate(to(paths.slos))} />
        )}
      </Suspense>
    </>
  );
}
