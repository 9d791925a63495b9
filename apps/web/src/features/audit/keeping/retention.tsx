import type { ApprovalNotice } from '@qd/shared/approvals';
import { MIN_KEPT_MS } from '@qd/shared/audit';
import { DAY_MS } from '@qd/shared/time';
import { type FormEvent, useState } from 'react';
import { ApprovalNote } from '../../../lib/approval-note.tsx';
import { describeError } from '../../../lib/errors.ts';
import { formatCount } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { dayEdge } from '../filters.ts';
import { useKeepingMutations } from './use-keeping.ts';

/** A day as fields of dates hold it, in UTC. */
function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** What becomes of old rows: first stored outside, then, with somebody else's agreement, removed. */
export function Retention({ now }: { now: number }) {
  return (
    <section aria-labelledby="audit-retention" className="mt-5">
      <SectionHead level={3} id="audit-retention" title="Old rows" note="archive first, then remove" />
      <div className="grid gap-4 border-t border-ink pt-3">
        <ArchiveForm now={now} />
        <PruneForm now={now} />
      </div>
    </section>
  );
}

function Said({ error, words }: { error: unknown; words: string }) {
  if (error === null) {
    return (
      <p role="status" className="text-ink-2">
        {words}
      </p>
    );
  }
  const { message, remedy, fields } = describeError(error);
  return (
    <p role="alert" className="font-medium text-crit">
      {message} {fields.length === 0 ? remedy : fields.map((fault) => fault.message).join(' ')}
    </p>
  );
}

function ArchiveForm({ now }: { now: number }) {
  const { zone } = useTimeZone();
  const { archive } = useKeepingMutations();
  const [day, setDay] = useState(() => dayText(now - MIN_KEPT_MS));
  const before = dayEdge(day, 'start', zone);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (before !== undefined && !archive.isPending) archive.mutate({ before });
  };
  const done = archive.data;
  return (
    <form onSubmit={send} className="grid gap-2">
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Archive rows before" className="w-[170px]">
          <Input type="date" required value={day} onChange={(event) => setDay(event.target.value)} />
        </Field>
        <Button type="submit" pending={archive.isPending}>
          {archive.isPending ? 'Archiving…' : 'Archive'}
        </Button>
      </div>
      <p className="text-small text-ink-2">They are stored outside the database and read back. Nothing is removed.</p>
      <Said
        error={archive.error}
        words={done === undefined ? '' : `${formatCount(done.rows)} rows archived and read back.`}
      />
    </form>
  );
}

function PruneForm({ now }: { now: number }) {
  const { zone } = useTimeZone();
  const { prune } = useKeepingMutations();
  const [day, setDay] = useState(() => dayText(now - MIN_KEPT_MS));
  const [reason, setReason] = useState('');
  const before = dayEdge(day, 'start', zone);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (before !== undefined && !prune.isPending) prune.mutate({ before, reason: reason.trim() });
  };
  const done = prune.data;
  const approval: ApprovalNotice | null = done?.approval ?? null;
  return (
    <form onSubmit={send} className="grid gap-2">
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Remove archived rows before" className="w-[210px]">
          <Input
            type="date"
            required
            max={dayText(now - MIN_KEPT_MS)}
            value={day}
            onChange={(event) => setDay(event.target.value)}
          />
        </Field>
        <Field label="Reason, kept in the audit log" className="min-w-[180px] flex-1">
          <Input required maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
        <Button type="submit" variant="danger" pending={prune.isPending}>
          {prune.isPending ? 'Asking…' : 'Remove rows'}
        </Button>
      </div>
      <p className="text-small text-ink-2">
        Rows of the last {MIN_KEPT_MS / DAY_MS} d stay. Somebody else has to approve it; then it cannot be undone here,
        and the archives still prove every row.
      </p>
      <Said
        error={prune.error}
        words={done === undefined || approval !== null ? '' : `${formatCount(done.rows)} rows removed.`}
      />
      {approval !== null && <ApprovalNote approval={approval} now={now} />}
    </form>
  );
}
