import type { CreateOptions, KeyLimitsView, NewKey } from '@qd/shared/api-keys';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { CreateKeyForm } from './create-key-form.tsx';
import { KeyMade } from './key-made.tsx';
import { wayWords, type KeyWay } from './key-ways.ts';
import { StepTitle } from './step-title.tsx';

export interface CreateKeyDialogProps {
  way: KeyWay;
  onWay(way: KeyWay): void;
  onClose(): void;
  /** A key to begin from: its scopes, limits and consumers. */
  copyFrom?: string | undefined;
}

/** Makes a key, or takes one in, in two steps: what it is to be, then its secret, once, or what was kept of it. */
export function CreateKeyDialog({ way, onWay, onClose, copyFrom }: CreateKeyDialogProps) {
  const trpc = useTRPC();
  const options = useQuery(trpc.apiKeys.createOptions.queryOptions());
  const source = useQuery(
    trpc.apiKeys.limits.queryOptions({ id: copyFrom ?? '' }, { enabled: copyFrom !== undefined }),
  );
  // Here and nowhere else: no cache ever holds a secret.
  const [made, setMade] = useState<NewKey | null>(null);
  const error = options.error ?? source.error;
  const isReady = options.data !== undefined && (copyFrom === undefined || source.data !== undefined);
  const close = (open: boolean): void => {
    // A secret just shown is left by its own button, not by a slip of the key.
    if (!open && made?.text == null) onClose();
  };
  if (made !== null && options.data !== undefined) {
    return (
      <Dialog
        open
        onOpenChange={close}
        title={<StepTitle title={madeTitle(made)} step={2} />}
        className="desk:w-[min(468px,calc(100vw-32px))]"
      >
        <KeyMade
          made={made}
          overlapDays={overlapOf(options.data, made.platform)}
          onHide={() => setMade({ ...made, text: '' })}
          onDone={onClose}
        />
      </Dialog>
    );
  }
  return (
    <CreateKeyFrame
      options={isReady ? options.data : undefined}
      source={source.data}
      error={error}
      onRetry={() => void (options.error === null ? source.refetch() : options.refetch())}
      onMade={setMade}
      onClose={onClose}
      copyFrom={copyFrom}
      way={way}
      onWay={onWay}
    />
  );
}

function madeTitle({ text, claim }: NewKey): string {
  if (text !== null) return 'Copy the secret now';
  return claim === null ? 'The key is taken in' : 'The link is ready';
}

function overlapOf(options: CreateOptions, platform: string): number {
  return options.platforms.find(({ id }) => id === platform)?.policy.overlapDays ?? 0;
}

interface FrameProps extends CreateKeyDialogProps {
  options: CreateOptions | undefined;
  source: KeyLimitsView | undefined;
  error: unknown;
  onRetry(): void;
  onMade(made: NewKey): void;
}

function CreateKeyFrame({ options, source, error, onRetry, ...rest }: FrameProps) {
  if (options !== undefined && options.platforms.length > 0) {
    return <CreateKeyForm options={options} source={source} {...rest} copyFrom={rest.copyFrom} />;
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && rest.onClose()}
      title={<StepTitle title={wayWords[rest.way].title} step={1} />}
    >
      {options !== undefined && <p className="text-ink-2">There is no platform yet to make keys for; add one first.</p>}
      {options === undefined && error === null && <SkeletonRows rows={4} />}
      {options === undefined && error !== null && (
        <ErrorState
          title="The form did not load."
          onRetry={onRetry}
          requestId={describeError(error).requestId ?? undefined}
        >
          {describeError(error).message} {describeError(error).remedy}
        </ErrorState>
      )}
    </Dialog>
  );
}
