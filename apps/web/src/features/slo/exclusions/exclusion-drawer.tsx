import type { ExclusionVersion, ExclusionView } from '@qd/shared/slo';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import type { Zone } from '../../../lib/zone.ts';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { Drawer } from '../../../ui/drawer.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { useExclusionMutations } from '../use-slo-mutations.ts';
import { categoryWords } from './exclusion-words.ts';
import { exclusionLook, nextWords, whenWords } from './listing-words.ts';

export interface ExclusionDrawerProps {
  row: ExclusionView;
  place: string;
  /** May change and withdraw it. */
  mayAct: boolean;
  zone: Zone;
  nowMs: number;
  onEdit(): void;
  onClose(): void;
}

/** One exclusion in full: what for, where, when, who, and what it said before. */
export function ExclusionDrawer(props: ExclusionDrawerProps) {
  const { row, place, mayAct, zone, nowMs, onEdit, onClose } = props;
  const [withdraws, setWithdraws] = useState(false);
  const look = exclusionLook(row);
  const isOpen = row.withdrawnAt === null;
  const next = nextWords(row, { zone, nowMs });
  return (
    <>
      <Drawer
        open
        onOpenChange={onClose}
        title={row.reason}
        footer={
          mayAct &&
          isOpen && (
            <>
              <Button variant="danger" onClick={() => setWithdraws(true)}>
                Withdraw
              </Button>
              <Button icon="pencil" onClick={onEdit}>
                Change
              </Button>
            </>
          )
        }
      >
        <dl className="mt-2 grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
          <Line name="State">
            <StatusWord tone={look.tone} glyph={look.glyph}>
              {look.word}
            </StatusWord>
          </Line>
          <Line name="Kind">{categoryWords[row.category]}</Line>
          <Line name="Where">{place}</Line>
          <Line name="When">{whenWords(row, { zone, nowMs })}</Line>
          {next !== '' && <Line name={row.inForce ? 'Lasts' : 'Next'}>{next}</Line>}
          {row.rrule !== null && (
            <Line name="Rule">
              <span className="mono break-all">{row.rrule}</span>
            </Line>
          )}
          <Line name="Made">
            {row.createdByName}, {formatDateTime(row.createdAt, zone, nowMs)}
          </Line>
          {row.version > 1 && (
            <Line name={isOpen ? 'Changed' : 'Withdrawn'}>
              {row.updatedByName}, {formatDateTime(row.withdrawnAt ?? row.updatedAt, zone, nowMs)}
            </Line>
          )}
        </dl>
        {row.version > 1 && <Versions row={row} zone={zone} nowMs={nowMs} />}
      </Drawer>
      {withdraws && <WithdrawDialog row={row} onClose={() => setWithdraws(false)} onDone={onClose} />}
    </>
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

type VersionsProps = { row: ExclusionView; zone: Zone; nowMs: number };

/** What it said before, newest first. */
function Versions({ row, zone, nowMs }: VersionsProps) {
  const trpc = useTRPC();
  const { data, error, isFetching, refetch } = useQuery(trpc.slo.exclusions.versions.queryOptions({ id: row.id }));
  return (
    <section aria-labelledby="exclusion-versions" className="mt-5">
      <h3 id="exclusion-versions" className="mb-1 font-semibold">
        What it said before
      </h3>
      {error !== null && (
        <p role="alert" className="text-crit">
          {describeError(error).message}{' '}
          <Button size="s" pending={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        </p>
      )}
      {data === undefined && error === null && <p className="text-ink-3">Reading the versions…</p>}
      {data !== undefined && (
        <ol className="border-t border-ink">
          {past(data, row).map((version) => (
            <li key={version.version} className="border-b border-line py-2">
              <p>
                {version.reason}, {categoryWords[version.category].toLowerCase()}
              </p>
              <p className="text-small text-ink-2">{whenWords(version, { zone, nowMs })}</p>
              <p className="text-small text-ink-3">
                Version {version.version}, {version.updatedByName}, {formatDateTime(version.updatedAt, zone, nowMs)}
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function past(versions: readonly ExclusionVersion[], row: ExclusionView): ExclusionVersion[] {
  return versions.filter((one) => one.version < row.version).toSorted((a, b) => b.version - a.version);
}

const LEAST_REASON = 3;

function WithdrawDialog({ row, onClose, onDone }: { row: ExclusionView; onClose(): void; onDone(): void }) {
  const { withdraw } = useExclusionMutations();
  const toasts = useToasts();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const tooShort = reason.trim().length < LEAST_REASON;
  const failure = withdraw.error === null ? null : describeError(withdraw.error);
  const confirm = () => {
    setTried(true);
    if (tooShort) return;
    // Callbacks of `mutate` would be lost: the row may leave the list, and this dialog with it, before they run.
    withdraw.mutateAsync({ id: row.id, reason: reason.trim() }).then(
      () => {
        onDone();
        toasts.show({ message: 'The exclusion is withdrawn.', detail: 'Its time counts again.' });
      },
      () => undefined,
    );
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Withdraw “${row.reason}”?`}
      cost="Its time counts again, past occurrences as well: budgets may fall at once. What it said stays on record."
      confirmLabel="Withdraw"
      pending={withdraw.isPending}
      error={failure === null ? null : `${failure.message} ${failure.remedy}`}
      onConfirm={confirm}
    >
      <Field label="Reason" required error={tried && tooShort ? 'Say why, in at least 3 characters.' : undefined}>
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
