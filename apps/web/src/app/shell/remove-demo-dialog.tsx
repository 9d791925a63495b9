import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { describeError } from '../../lib/errors.ts';
import { formatCount } from '../../lib/format.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useToasts } from '../../ui/toast.tsx';

function count(n: number, one: string, many: string): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

/** Asks before everything made up is deleted, and says how much that is. */
export function RemoveDemoDialog({ onClose }: { onClose(): void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const toasts = useToasts();
  const { data: platforms = [] } = useQuery(trpc.platforms.list.queryOptions());
  const demo = platforms.filter((platform) => platform.isDemo);
  const slos = demo.reduce((sum, platform) => sum + platform.sloCount, 0);
  const { mutate, isPending, error } = useMutation(
    trpc.settings.removeDemo.mutationOptions({
      onSuccess: async (gone) => {
        await client.invalidateQueries();
        onClose();
        toasts.show({
          message: 'The demo is removed.',
          detail: `${count(gone.platforms, 'platform', 'platforms')}, ${count(gone.slos, 'objective', 'objectives')} and ${count(gone.users, 'account', 'accounts')}.`,
        });
      },
    }),
  );
  const failure = error ? describeError(error) : null;
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title="Remove the demo?"
      cost={
        <>
          <b>{count(demo.length, 'platform', 'platforms')}</b> with <b>{count(slos, 'objective', 'objectives')}</b>,
          their history, and every demo account are deleted. Your own platforms stay. This cannot be undone.
        </>
      }
      confirmLabel="Remove demo"
      pending={isPending}
      error={failure && `${failure.message} ${failure.remedy}`}
      onConfirm={() => mutate()}
    />
  );
}
