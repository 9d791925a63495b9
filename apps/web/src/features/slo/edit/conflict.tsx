import type { SloDefinition, SloRevision } from '@qd/shared/slo';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useNow } from '../../../lib/clock.ts';
import { formatWhen } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Glyph } from '../../../ui/glyph.tsx';
import { ChangeTable } from './change-table.tsx';
import { changesBetween } from './compare.ts';

export interface ConflictProps {
  id: string;
  base: SloDefinition;
  theirs: SloDefinition;
  /** The revision that was saved meanwhile. */
  revision: number;
  /** What the form says; null while it cannot be read. */
  ours: SloDefinition | null;
  sourceName(id: string): string;
  /** Goes on from their revision, with our changes on top. */
  onMerge(): void;
  /** Goes on from their revision alone. */
  onTakeTheirs(): void;
}

/** Somebody saved meanwhile: what they changed, what we changed, and how to go on. Nothing typed is lost. */
export function Conflict(props: ConflictProps) {
  const { id, base, theirs, revision, ours, sourceName, onMerge, onTakeTheirs } = props;
  const trpc = useTRPC();
  const { data } = useQuery(trpc.slo.definitions.revisions.queryOptions({ id }));
  const head = useRef<HTMLElement>(null);
  useEffect(() => head.current?.focus(), [revision]);
  return (
    <section
      ref={head}
      tabIndex={-1}
      role="alert"
      aria-label="Saved meanwhile"
      className="rounded-1 border border-l-4 border-line-2 border-l-warn-fill bg-warn-tint px-3.5 py-3"
    >
      <p className="flex items-start gap-2 font-semibold">
        <Glyph name="warn" className="mt-1" />
        <Who revision={data?.find((one) => one.revision === revision)} number={revision} />
      </p>
      <p className="mb-2 text-ink-2">What you typed is still here. Where both of you changed a line, yours stands.</p>
      <ChangeTable
        caption="What both of you changed"
        heads={['Before', 'Theirs', 'Yours']}
        rows={conflictRows({ base, theirs, ours: ours ?? base, sourceName })}
      />
      <div className="mt-3 flex flex-wrap gap-2">
        <Button
          variant="primary"
          onClick={onMerge}
          disabledReason={ours === null ? 'Put the marked fields right first.' : undefined}
        >
          Keep mine on top of theirs
        </Button>
        <Button onClick={onTakeTheirs}>Drop mine, take theirs</Button>
      </div>
    </section>
  );
}

function Who({ revision, number }: { revision: SloRevision | undefined; number: number }) {
  const nowMs = useNow(30_000);
  const { zone } = useTimeZone();
  if (revision === undefined) return <span>Someone saved revision {number} meanwhile.</span>;
  const who = revision.changedBy === '' ? 'Someone' : revision.changedByName;
  return (
    <span>
      {who} saved revision {number}, {formatWhen(revision.changedAt, zone, nowMs)}
      {revision.reason === '' ? '.' : `: ${revision.reason}`}
    </span>
  );
}

type Sides = Pick<ConflictProps, 'base' | 'theirs' | 'sourceName'> & { ours: SloDefinition };

/** Every line that one of the two changed; a side that left it as it was says so. */
function conflictRows({ base, theirs, ours, sourceName }: Sides) {
  const their = new Map(changesBetween(base, theirs, sourceName).map((change) => [change.key, change]));
  const our = new Map(changesBetween(base, ours, sourceName).map((change) => [change.key, change]));
  return [...new Set([...their.keys(), ...our.keys()])].map((key) => {
    const [a, b] = [their.get(key), our.get(key)];
    const { label, isCode, before } = a ?? b ?? { label: key, isCode: false, before: null };
    const same = 'unchanged';
    return {
      key,
      label,
      isCode,
      values: [before, a === undefined ? same : a.after, b === undefined ? same : b.after],
    };
  });
}
