import type { ConsumerView } from '@qd/shared/api-keys';
import { useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { formatAge, formatCount } from '../../../lib/format.ts';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { channelWords, matchWords } from './consumer-words.ts';
import { useConsumerMutations } from './use-consumer-mutations.ts';

export interface ConsumerLineProps {
  consumer: ConsumerView;
  now: number;
  canChange: boolean;
  onEdit(): void;
}

/** One consumer: who answers for it, how they are told, and whether it still calls. */
export function ConsumerLine({ consumer, now, canChange, onEdit }: ConsumerLineProps) {
  const [isLeaving, setLeaving] = useState(false);
  const { remove } = useConsumerMutations();
  const { calls24h, lastCallAt, name } = consumer;
  const calls =
    calls24h === null
      ? ''
      : lastCallAt === null
        ? 'no call in 24 h'
        : `${formatCount(calls24h)} calls in 24 h, last ${formatAge(now - lastCallAt)}`;
  const failure = remove.error === null ? null : describeError(remove.error);
  return (
    <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
      <div className="min-w-0">
        <p>
          <span className="font-strong wrap-anywhere">{name}</span>{' '}
          <span className="text-small text-ink-3 wrap-anywhere">
            {consumer.ownerName}, {channelWords(consumer)}
          </span>
        </p>
        <p className="text-small text-ink-3 wrap-anywhere">
          {matchWords(consumer)}
          {calls === '' ? '.' : `; ${calls}.`}
        </p>
      </div>
      {canChange && (
        <div className="ml-auto flex gap-2">
          <Button size="s" aria-label={`Edit ${name}`} onClick={onEdit}>
            Edit
          </Button>
          <Button size="s" variant="ghost" aria-label={`Remove ${name}`} onClick={() => setLeaving(true)}>
            Remove
          </Button>
        </div>
      )}
      <ConfirmDialog
        open={isLeaving}
        onOpenChange={setLeaving}
        title={`Remove ${name}?`}
        cost={`${consumer.ownerName} is told no more before this key ends. The key itself goes on working.`}
        confirmLabel="Remove consumer"
        pending={remove.isPending}
        error={failure === null ? null : `${failure.message} ${failure.remedy}`}
        onConfirm={() => remove.mutate({ id: consumer.id }, { onSuccess: () => setLeaving(false) })}
      />
    </div>
  );
}
