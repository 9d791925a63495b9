import { DAY_MS } from '@qd/shared/time';
import { useId, useState } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { draftOf, faultsOf, inputOf, type Draft } from './rotate-draft.ts';
import { RotateForm } from './rotate-form.tsx';
import { StartedRotation } from './started-rotation.tsx';
import { useRotationPreview, useStartRotation, type Started } from './use-rotation.ts';

export interface RotateDialogProps {
  keyId: string;
  onClose(): void;
  /** True where the key is known to be in wrong hands: the old one then ends at once. */
  emergency?: boolean;
}

/** Makes the successor of a key: says when the old one ends and who has to move, then shows the new one once. */
export function RotateDialog({ keyId, onClose, emergency = false }: RotateDialogProps) {
  const form = useId();
  const preview = useRotationPreview(keyId, undefined);
  const made = useMade();
  const { start, pending, error } = useStartRotation(keyId);
  const [edits, setEdits] = useState<Partial<Draft>>({});
  const [tried, setTried] = useState(false);
  const found = preview.data;
  const draft = found?.fault === null ? { ...draftOf(found, emergency), ...edits } : null;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (found === undefined || draft === null || pending || Object.keys(faultsOf(draft)).length > 0) return;
    const started = await start(inputOf(draft, found), draft.isEmergency);
    if (started !== null) made.keep(started);
  };
  if (found !== undefined && made.started !== null) {
    return (
      // What is shown once is not lost by a press beside it.
      <Dialog open onOpenChange={() => made.text === null && onClose()} title={`New key of ${found.name}`}>
        <StartedRotation
          started={made.started}
          text={made.text}
          preview={found}
          overlapDays={made.overlapDays}
          onHide={made.hide}
          onDone={onClose}
        />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Rotate ${found?.name ?? 'the key'}`}
      description="A new key is made beside the old one; both work until the old one ends."
      footer={<Foot form={form} draft={draft} pending={pending} onClose={onClose} />}
    >
      {found === undefined || draft === null ? (
        <Instead preview={preview} />
      ) : (
        <RotateForm
          id={form}
          keyId={keyId}
          preview={found}
          draft={draft}
          tried={tried}
          error={error}
          onChange={(part) => setEdits((before) => ({ ...before, ...part }))}
          onSubmit={() => void submit()}
        />
      )}
    </Dialog>
  );
}

/** The rotation that was started, and the new key for as long as it is shown. */
function useMade() {
  const [started, setStarted] = useState<Started | null>(null);
  const [text, setText] = useState<string | null>(null);
  const [madeAt, setMadeAt] = useState(0);
  return {
    started,
    text,
    overlapDays: started === null ? 0 : Math.max(0, Math.round((started.endsAt - madeAt) / DAY_MS)),
    hide: () => setText(null),
    keep(answer: Started): void {
      setText(answer.text);
      setMadeAt(serverNow());
      setStarted({ ...answer, text: null });
    },
  };
}

interface FootProps {
  form: string;
  draft: Draft | null;
  pending: boolean;
  onClose(): void;
}

function Foot({ form, draft, pending, onClose }: FootProps) {
  return (
    <>
      <Button variant="ghost" kbd="Esc" onClick={onClose}>
        {draft === null ? 'Close' : 'Cancel'}
      </Button>
      {draft !== null && (
        <Button type="submit" form={form} variant={draft.isEmergency ? 'danger-solid' : 'primary'} pending={pending}>
          {draft.isEmergency ? 'End the old key and rotate' : 'Rotate key'}
        </Button>
      )}
    </>
  );
}

/** Why there is no form. */
function Instead({ preview }: { preview: ReturnType<typeof useRotationPreview> }) {
  if (preview.data?.fault != null) return <p>{preview.data.fault}</p>;
  if (preview.error !== null) return <ReadTrouble title="What a rotation would do did not load." query={preview} />;
  return <SkeletonRows rows={4} rowHeight="36px" widths={['60%', '40%', '80%']} />;
}
