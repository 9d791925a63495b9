import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { serverNow } from '../../lib/clock.ts';
import { describeError } from '../../lib/errors.ts';
import { formatClock, formatCount } from '../../lib/format.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { useCan } from '../../lib/use-can.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { StatusWord } from '../../ui/status-word.tsx';

/** Walks the whole chain on the server and says whether a row was changed, added or removed; beside its button what keeps the chain. */
export function VerifyChain({ beside }: { beside: ReactNode }) {
  const trpc = useTRPC();
  const can = useCan();
  const { zone } = useTimeZone();
  const [checkedAt, setCheckedAt] = useState<number | null>(null);
  const { mutate, data, error, isPending } = useMutation(
    trpc.audit.verify.mutationOptions({ onSettled: () => setCheckedAt(serverNow()) }),
  );
  if (!can('audit:verify')) return null;
  const failure = error ? describeError(error) : null;
  const at = checkedAt === null ? '' : formatClock(checkedAt, zone, { seconds: true, withZone: true });
  return (
    <div className="mt-4 grid gap-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button size="s" icon="check" pending={isPending} onClick={() => mutate()}>
          {isPending ? 'Verifying…' : 'Verify chain'}
        </Button>
        {beside}
      </div>
      <p role="status" className="empty:hidden">
        {data?.ok && !isPending && (
          <StatusWord tone="ok" className="whitespace-normal!">
            {formatCount(data.rows)} rows checked at {at}, each fits the one before.
            {checkpointWords(data.checkpoints ?? 0)}
          </StatusWord>
        )}
      </p>
      {data?.ok === false && !isPending && (
        <Banner
          tone="crit"
          title={`The chain is broken${data.brokenSeq === null ? '' : ` at row ${formatCount(data.brokenSeq)}`}.`}
        >
          {data.reason} {formatCount(data.rows)} rows before it fit. Keep the database as it is, and compare it with a
          backup.
        </Banner>
      )}
      {failure !== null && !isPending && (
        <ErrorState title="The chain was not verified." requestId={failure.requestId ?? undefined}>
          {failure.message} {failure.remedy}
        </ErrorState>
      )}
    </div>
  );
}

function checkpointWords(count: number): string {
  if (count === 0) return ' There was no signed checkpoint to compare them with yet.';
  return count === 1 ? ' The signed checkpoint agrees.' : ` All ${formatCount(count)} signed checkpoints agree.`;
}
