import { isUsable, type RotationBoard } from '@qd/shared/api-keys';
import type { EndingPreview } from '@qd/shared/api-keys/ending';
import { useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useCan } from '../../../lib/use-can.ts';
import { Button } from '../../../ui/button.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { ExtendRotationDialog } from '../rotation/extend-rotation-dialog.tsx';
import { noExtension } from '../rotation/rotation-words.ts';
import { useRotationBoard, useRotationMutations } from '../rotation/use-rotation.ts';
import { CostSentence } from './cost-sentence.tsx';
import { QuarantineDialog, ReleaseDialog } from './quarantine-dialog.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import { useEndingPreview } from './use-ending.ts';

type Asked = 'revoke' | 'quarantine' | 'release' | 'extend';

/** What ending the key now would cost, and the ways to end it, stop it or wait. */
export function EndingCard({ keyId }: { keyId: string }) {
  const query = useEndingPreview(keyId);
  const preview = query.data;
  const title = preview?.rotation?.role === 'old' ? 'Ending the old key now' : 'Ending this key now';
  return (
    <section aria-label={title} className="min-w-0">
      <SectionHead title={title} />
      <div className="rounded-3 border border-line bg-surface p-4">
        {preview === undefined ? (
          query.error === null ? (
            <SkeletonRows rows={2} rowHeight="30px" widths={['80%', '50%']} />
          ) : (
            <ReadTrouble title="What ending it would cost did not load." query={query} />
          )
        ) : (
          <Ending keyId={keyId} preview={preview} />
        )}
      </div>
    </section>
  );
}

function Ending({ keyId, preview }: { keyId: string; preview: EndingPreview }) {
  const can = useCan();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { data: board } = useRotationBoard(keyId);
  const close = () => setAsked(null);
  if (preview.state === 'revoked') return <p className="text-ink-2">This key is revoked. It stays so.</p>;
  const mayEnd = can('api-keys:rotate', preview.platform === '*' ? null : preview.platform);
  return (
    <>
      <p>
        {preview.state === 'quarantined' ? (
          'This key is quarantined: it opens nothing.'
        ) : (
          <CostSentence preview={preview} />
        )}
      </p>
      {mayEnd && <Acts keyId={keyId} preview={preview} board={board ?? null} onAsk={setAsked} />}
      <p className="mt-2 text-small text-ink-3">
        {mayEnd
          ? 'Ending a key cannot be undone. You will be asked to type its name.'
          : 'Owners, admins, commanders and operators can end it.'}
      </p>
      {asked === 'revoke' && <RevokeDialog keyId={keyId} onClose={close} />}
      {asked === 'quarantine' && <QuarantineDialog keyId={keyId} onClose={close} />}
      {asked === 'release' && <ReleaseDialog keyId={keyId} onClose={close} />}
      {asked === 'extend' && board && <ExtendRotationDialog board={board} onClose={close} />}
    </>
  );
}

interface ActsProps {
  keyId: string;
  preview: EndingPreview;
  board: RotationBoard | null;
  onAsk(asked: Asked): void;
}

function Acts({ keyId, preview, board, onAsk }: ActsProps) {
  const isOld = preview.rotation?.role === 'old';
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {isOld && <RemindButton keyId={keyId} />}
      {isOld && board !== null && (
        <Button size="s" disabledReason={noExtension(board)} onClick={() => onAsk('extend')}>
          Extend
        </Button>
      )}
      {!isOld && isUsable(preview.state) && (
        <Button size="s" onClick={() => onAsk('quarantine')}>
          Quarantine
        </Button>
      )}
      {preview.state === 'quarantined' && (
        <Button size="s" onClick={() => onAsk('release')}>
          Release
        </Button>
      )}
      <Button size="s" variant="danger" onClick={() => onAsk('revoke')}>
        {isOld ? 'End old key' : 'Revoke'}
      </Button>
    </div>
  );
}

function RemindButton({ keyId }: { keyId: string }) {
  const { remind } = useRotationMutations();
  const [said, setSaid] = useState<string | null>(null);
  const send = async () => {
    try {
      await remind.mutateAsync({ keyId });
      setSaid('The owners who have not moved are reminded.');
    } catch (failure) {
      const { message, remedy } = describeError(failure);
      setSaid(`${message} ${remedy}`);
    }
  };
  return (
    <>
      <Button size="s" pending={remind.isPending} onClick={() => void send()}>
        Remind owners
      </Button>
      {said !== null && (
        <p role="status" className="order-last w-full text-small text-ink-2">
          {said}
        </p>
      )}
    </>
  );
}
