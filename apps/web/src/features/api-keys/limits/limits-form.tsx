import { updateKeyInput, type KeyLimitsView } from '@qd/shared/api-keys';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { useSettledText } from '../../../lib/settled-text.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Input, Textarea } from '../../../ui/field.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { rangesIn, sentence } from '../create/draft.ts';
import { LimitsPreview, rateIn } from './limits-preview.tsx';

type Faults = Partial<Record<string, string>>;

/** Changes name, scopes and limits of a key; what limits would have refused is shown before they are saved. */
export function LimitsForm({ limits, onClose }: { limits: KeyLimitsView; onClose(): void }) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const toasts = useToasts();
  const [typed, setTyped] = useState({ name: limits.name, scopes: limits.scopes.join('\n') });
  const ranges = useSettled(limits.ipAllow.join('\n'));
  const rate = useSettled(limits.rateLimitPerMin === null ? '' : String(limits.rateLimitPerMin));
  const [faults, setFaults] = useState<Faults>({});
  const update = useMutation(
    trpc.apiKeys.update.mutationOptions({
      onSettled: () => cache.invalidateQueries(trpc.apiKeys.pathFilter()),
      onSuccess: () => {
        onClose();
        toasts.show({ message: `${typed.name.trim()} is changed.`, glyph: 'done' });
      },
    }),
  );
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (update.isPending) return;
    const { id, updatedAt: seenAt } = limits;
    const read = updateKeyInput.safeParse({
      id,
      seenAt,
      name: typed.name,
      scopes: rangesIn(typed.scopes),
      ipAllow: rangesIn(ranges.draft),
      rateLimitPerMin: rateIn(rate.draft),
    });
    if (read.success) update.mutate(read.data);
    setFaults(read.success ? {} : faultsOf(read.error.issues));
  };
  const failure = update.error === null ? null : describeError(update.error);
  return (
    <form noValidate className="grid gap-3 border-t border-line pt-2" onSubmit={save}>
      <NameAndScopes typed={typed} faults={faults} onChange={(change) => setTyped({ ...typed, ...change })} />
      <LimitFields ranges={ranges} rate={rate} faults={faults} />
      <LimitsPreview id={limits.id} ranges={ranges.settled} rate={rate.settled} />
      {failure !== null && (
        <p role="alert" className="font-medium text-crit">
          {failure.message} {failure.remedy}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" size="s" variant="primary" pending={update.isPending}>
          Save changes
        </Button>
        <Button size="s" variant="ghost" onClick={onClose}>
          Undo
        </Button>
      </div>
    </form>
  );
}

interface FieldsProps {
  faults: Faults;
}

interface Typed {
  name: string;
  scopes: string;
}

function NameAndScopes({
  typed,
  faults,
  onChange,
}: FieldsProps & { typed: Typed; onChange(change: Partial<Typed>): void }) {
  return (
    <>
      <Field label="Name" required error={faults['name']}>
        <Input
          value={typed.name}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      <Field
        label="Scopes"
        hint="One a line. Fewer at any time; more within what you may give."
        error={faults['scopes']}
      >
        <Textarea
          rows={4}
          className="mono"
          value={typed.scopes}
          spellCheck={false}
          onChange={(event) => onChange({ scopes: event.target.value })}
        />
      </Field>
    </>
  );
}

type Settled = ReturnType<typeof useSettled>;

function LimitFields({ ranges, rate, faults }: FieldsProps & { ranges: Settled; rate: Settled }) {
  return (
    <>
      <Field
        label="Only from addresses"
        hint="Ranges like 203.0.113.0/24, one a line. Empty: from anywhere."
        error={faults['ipAllow']}
      >
        <Textarea
          rows={3}
          className="mono"
          value={ranges.draft}
          spellCheck={false}
          onChange={(event) => ranges.setDraft(event.target.value)}
        />
      </Field>
      <Field
        label="Calls a minute, at most"
        hint="All callers together. Empty: not limited."
        error={faults['rateLimitPerMin']}
      >
        <Input
          inputMode="numeric"
          autoComplete="off"
          value={rate.draft}
          onChange={(event) => rate.setDraft(event.target.value)}
        />
      </Field>
    </>
  );
}

/** A text as typed, and as it stood when the typing paused: only then the traffic is asked. */
function useSettled(start: string) {
  const [settled, setSettled] = useState(start);
  const { draft, setDraft } = useSettledText(settled, setSettled);
  return { draft, setDraft, settled };
}

function faultsOf(issues: readonly { path: PropertyKey[]; message: string }[]): Faults {
  const faults: Faults = {};
  for (const { path, message } of issues) faults[String(path[0])] ??= sentence(message);
  return faults;
}
