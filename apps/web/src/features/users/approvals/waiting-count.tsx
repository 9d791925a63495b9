import { useApprovals } from './use-approvals.ts';

/** How many requests wait for the reader's approval; nothing for none. */
export function WaitingCount() {
  const { rows } = useApprovals('open');
  const count = rows?.filter((row) => row.may.decide).length ?? 0;
  if (count === 0) return null;
  const words = count === 1 ? '1 request waits for your approval' : `${count} requests wait for your approval`;
  return (
    <span
      title={words}
      className="inline-flex h-4 min-w-4 items-center justify-center rounded-2 bg-warn-tint px-1 text-micro font-semibold text-warn"
    >
      <span aria-hidden="true">{count}</span>
      <span className="sr-only">, {words}</span>
    </span>
  );
}
