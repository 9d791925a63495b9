import { useQuery } from '@tanstack/react-query';
import { describeError } from '../../../lib/errors.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Icon } from '../../../ui/icon.tsx';

/** What the invited person will see and may do, before the invitation is sent. */
export function InvitePreview({ role, platform }: { role: string; platform: string }) {
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.users.previewInvite.queryOptions({ role, platform }));
  if (error !== null) {
    return (
      <p role="alert" className="text-crit">
        {describeError(error).message}
      </p>
    );
  }
  if (data === undefined) return <p className="text-ink-3">Reading what they will see…</p>;
  return (
    <div role="status" className="border-l-3 border-overprint-line bg-sunken px-2.5 py-2">
      {data.refusal !== null && (
        <p className="mb-1 flex items-start gap-1.5 font-medium text-crit">
          <Icon name="lock" size={14} className="mt-0.5" />
          {data.refusal}
        </p>
      )}
      {data.refusal === null && data.needsApproval && (
        <p className="mb-1 font-medium">Somebody else has to approve this invitation first.</p>
      )}
      <p className="font-semibold">
        {data.platforms.length === 0
          ? `${data.title}, on no platform yet`
          : `${data.title} on ${data.platforms.join(', ')} may`}
      </p>
      <ul aria-label="What they may do" tabIndex={0} className="max-h-40 overflow-y-auto text-small text-ink-2">
        {data.permissions.map(({ permission, sentence }) => (
          <li key={permission} className="flex items-start gap-1.5">
            <Icon name="check" size={12} className="mt-1" />
            {sentence}
          </li>
        ))}
      </ul>
    </div>
  );
}
