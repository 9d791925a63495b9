import type { SecretView } from '@qd/shared/secrets';
import { type ReactNode, useRef, useState } from 'react';
import { formatDateTime } from '../../lib/format.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { Button } from '../../ui/button.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { ArchiveDialog } from './archive-dialog.tsx';
import { ExternalLink } from './external-link.tsx';
import { RotationDialog } from './rotation-dialog.tsx';
import { SecretHistory } from './secret-history.tsx';
import { cadenceWords, secretLook } from './secret-words.ts';

export interface SecretDrawerProps {
  secret: SecretView;
  platformName: string;
  /** May record, change and archive it. */
  mayAct: boolean;
  nowMs: number;
  onEdit(): void;
  onClose(): void;
}

/** One secret in full: when it is due, how it is rotated, who answers for it, and every rotation. */
export function SecretDrawer({ secret, platformName, mayAct, nowMs, onEdit, onClose }: SecretDrawerProps) {
  const [asks, setAsks] = useState<'rotation' | 'archive' | null>(null);
  const isOpen = secret.archivedAt === null;
  const record = useRef<HTMLButtonElement>(null);
  const focus = mayAct && isOpen ? { initialFocus: record } : {};
  return (
    <>
      <Drawer
        open
        onOpenChange={onClose}
        {...focus}
        title={secret.name}
        description={secret.description === '' ? undefined : secret.description}
        footer={
          mayAct &&
          isOpen && (
            <>
              <Button variant="ghost" onClick={() => setAsks('archive')}>
                Archive
              </Button>
              <Button icon="pencil" onClick={onEdit}>
                Change
              </Button>
              <Button ref={record} variant="primary" onClick={() => setAsks('rotation')}>
                Record rotation
              </Button>
            </>
          )
        }
      >
        <Facts secret={secret} platformName={platformName} nowMs={nowMs} />
        <SecretHistory id={secret.id} nowMs={nowMs} />
      </Drawer>
      {asks === 'rotation' && <RotationDialog secret={secret} onClose={() => setAsks(null)} />}
      {asks === 'archive' && <ArchiveDialog secret={secret} onClose={() => setAsks(null)} onDone={onClose} />}
    </>
  );
}

function Facts({ secret, platformName, nowMs }: Pick<SecretDrawerProps, 'secret' | 'platformName' | 'nowMs'>) {
  const { zone } = useTimeZone();
  const look = secretLook(secret, { zone, nowMs });
  const when = (at: number | null): string => (at === null ? 'Not known' : formatDateTime(at, zone, nowMs));
  return (
    <dl className="mt-2 grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      <Line name="State">
        <StatusWord tone={look.tone} glyph={look.glyph}>
          {look.word}
        </StatusWord>
        <span className="text-small text-ink-3"> {look.detail}</span>
      </Line>
      <Line name="Platform">{platformName}</Line>
      <Line name="Owner">{secret.owner === '' ? 'Nobody yet' : secret.owner}</Line>
      <Line name="Due">{cadenceWords(secret)}</Line>
      <Line name="Rotated">{when(secret.lastRotatedAt)}</Line>
      {secret.nextDueAt !== null && <Line name="Next">{when(secret.nextDueAt)}</Line>}
      {secret.procedure !== '' && (
        <Line name="Procedure">
          <span className="whitespace-pre-line">{secret.procedure}</span>
        </Line>
      )}
      {secret.procedureUrl !== null && (
        <Line name="Link">
          <ExternalLink href={secret.procedureUrl} />
        </Line>
      )}
    </dl>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}
