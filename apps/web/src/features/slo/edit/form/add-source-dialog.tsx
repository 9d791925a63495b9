import { type FormEvent, useId, useState } from 'react';
import { describeError } from '../../../../lib/errors.ts';
import { Button } from '../../../../ui/button.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { useToasts } from '../../../../ui/toast.tsx';
import { useSourceMutation } from '../../use-slo-mutations.ts';
import { ANOTHER, isComplete, type SourceDraft, sourceInputOf } from './source-draft.ts';
import { SourceFields } from './source-fields.tsx';

export interface AddSourceDialogProps {
  /** Platforms that are there; another can be named. */
  platforms: readonly { id: string; name: string }[];
  /** The platform the form is on; empty for none. */
  platform: string;
  onClose(): void;
  onAdded(source: { platform: string; id: string }): void;
}

/** Where a platform is measured from; the source is asked once before it is stored. */
export function AddSourceDialog({ platforms, platform, onClose, onAdded }: AddSourceDialogProps) {
  const add = useSourceMutation();
  const toasts = useToasts();
  const form = useId();
  const [draft, setDraft] = useState<SourceDraft>({
    platform: platform === '' ? ANOTHER : platform,
    platformName: '',
    kind: 'prometheus',
    url: '',
    intervalSeconds: 30,
  });
  const failure = add.error === null ? null : describeError(add.error);
  const save = (event: FormEvent) => {
    event.preventDefault();
    // The dialog stands inside the form of the objective, which must not take this for its own.
    event.stopPropagation();
    if (add.isPending || !isComplete(draft)) return;
    const input = sourceInputOf(draft);
    add.mutate(input, {
      onSuccess: ({ id }) => {
        toasts.show({ message: input.url === null ? 'The source is there.' : 'The source answers and is there.' });
        onAdded({ platform: input.platform, id });
      },
    });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Add a source"
      description="It is asked once before anything is stored."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" pending={add.isPending} disabled={!isComplete(draft)}>
            Add source
          </Button>
        </>
      }
    >
      <form id={form} className="grid gap-3.5" onSubmit={save}>
        <SourceFields
          platforms={platforms}
          draft={draft}
          onChange={(change) => setDraft({ ...draft, ...change })}
          errorOf={(field) => failure?.fields.find((fault) => fault.field === field)?.message}
        />
        {failure !== null && failure.fields.length === 0 && (
          <p role="alert" className="text-small font-medium text-crit">
            {failure.message} {failure.kind === 'upstream' ? 'Check the address and whether it runs.' : failure.remedy}
          </p>
        )}
      </form>
    </Dialog>
  );
}
