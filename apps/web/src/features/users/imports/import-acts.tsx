import type { ApprovalNotice } from '@qd/shared/approvals';
import type { ImportView } from '@qd/shared/users';
import { useState } from 'react';
import { ActDialog } from '../../../lib/act-dialog.tsx';
import { ApprovalNote } from '../../../lib/approval-note.tsx';
import { serverNow } from '../../../lib/clock.ts';
import { CsvButton } from '../../../lib/csv-button.tsx';
import { downloadFrom } from '../../../lib/download.ts';
import { formatCount, formatDuration } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { Button } from '../../../ui/button.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { CommitDialog } from './commit-dialog.tsx';
import { commitLabel, commitSentence } from './import-words.ts';
import { useImportMutations } from './use-imports.ts';

type Asked = 'commit' | 'rollback' | null;

/** What can be done to an import as it is: do it, take it back, take its report along. */
export function ImportActs({ view }: { view: ImportView }) {
  const [asked, setAsked] = useState<Asked>(null);
  const [approval, setApproval] = useState<ApprovalNotice | null>(null);
  const sentence = commitSentence(view);
  const close = () => setAsked(null);
  return (
    <div className="mt-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {view.state === 'checked' && (
          <Button
            variant="primary"
            disabledReason={sentence === null ? 'No row of this file would change anything.' : undefined}
            onClick={() => setAsked('commit')}
          >
            {commitLabel(view)}
          </Button>
        )}
        {view.rollbackUntil !== null && (
          <Button variant="danger" onClick={() => setAsked('rollback')}>
            Take it back
          </Button>
        )}
        <Report view={view} />
        {view.rollbackUntil !== null && (
          <span className="text-small text-ink-3">
            It can be taken back for another{' '}
            {formatDuration(Math.max(0, view.rollbackUntil - serverNow()), { parts: 1 })}.
          </span>
        )}
      </div>
      {view.state === 'checked' && sentence !== null && <p className="mt-2 max-w-[68ch] text-ink-2">{sentence}</p>}
      {approval !== null && view.state === 'checked' && <ApprovalNote approval={approval} now={serverNow()} />}
      {asked === 'commit' && <CommitDialog view={view} onApproval={setApproval} onClose={close} />}
      {asked === 'rollback' && <RollbackDialog view={view} onClose={close} />}
    </div>
  );
}

function Report({ view }: { view: ImportView }) {
  const save = (params: object) => () =>
    downloadFrom(`${paths.userImport}/${encodeURIComponent(view.id)}/report`, params);
  return (
    <>
      <CsvButton of="report of every row" kind="Report" save={save({})} />
      {view.errorCount > 0 && (
        <CsvButton of="report of the wrong rows" kind="Wrong rows" save={save({ only: 'faulty' })} />
      )}
    </>
  );
}

function RollbackDialog({ view, onClose }: { view: ImportView; onClose(): void }) {
  const { rollback } = useImportMutations();
  const toasts = useToasts();
  const act = async (reason: string) => {
    const { restored, kept } = await rollback.mutateAsync({ id: view.id, reason });
    const rest = kept === 0 ? '' : `${formatCount(kept)} stayed as they are; the rows say why.`;
    toasts.show({ message: `${formatCount(restored)} people taken back.`, ...(rest !== '' && { detail: rest }) });
  };
  return (
    <ActDialog
      title={`Take ${view.fileName} back?`}
      cost={`It removes ${formatCount(view.createCount)} people and sets ${formatCount(view.updateCount)} back. Who signed in or was changed since stays as they are and is listed. This cannot be undone.`}
      confirmLabel="Take it back"
      onAct={act}
      onClose={onClose}
    />
  );
}
