import { DAY_MS } from '@qd/shared/time';
import { useId, useState, type FormEvent } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { refusalWords } from '../account/refusal-words.ts';
import { SaveFoot } from '../form-parts.tsx';
import { effectWords, ruleWords } from './policy-words.ts';
import type { RuleRow } from './rules-part.tsx';
import { usePolicyMutations } from './use-policy-mutations.ts';

const MOST_DAYS = 90;

/** Changes whether the people of a role must use a second factor, and how long they have to set one up. */
export function RuleDialog({ row, onClose }: { row: RuleRow; onClose(): void }) {
  const { policy, coverage } = row;
  const form = useId();
  const toasts = useToasts();
  const { setRule } = usePolicyMutations();
  const [isRequired, setRequired] = useState(policy.isRequired);
  const [daysText, setDaysText] = useState(String(policy.version === 0 ? 7 : Math.round(policy.graceMs / DAY_MS)));
  const days = /^\d{1,2}$/.test(daysText.trim()) ? Number(daysText) : null;
  const fault = days === null || days > MOST_DAYS ? `Give whole days, 0 to ${MOST_DAYS}.` : null;
  const { error } = setRule;
  const isConflict = error !== null && describeError(error).kind === 'conflict';

  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (setRule.isPending || days === null || fault !== null) return;
    setRule.mutate(
      { role: policy.role, isRequired, graceMs: days * DAY_MS, version: policy.version },
      {
        onSuccess: (saved) => {
          onClose();
          toasts.show({ message: `${policy.title}: ${ruleWords(saved).toLowerCase()}.`, glyph: 'done' });
        },
      },
    );
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Second factor for ${policy.title}`}
      footer={<SaveFoot form={form} label="Save rule" pending={setRule.isPending} onCancel={onClose} />}
    >
      <form id={form} onSubmit={onSubmit} className="grid gap-4" noValidate>
        <Checkbox
          label="People of this role must use a second factor"
          checked={isRequired}
          onChange={(event) => setRequired(event.target.checked)}
        />
        {isRequired && (
          <Field label="Days to set one up" hint="From now, or from when somebody gets the role." error={fault}>
            <Input value={daysText} inputMode="numeric" onChange={(event) => setDaysText(event.target.value)} />
          </Field>
        )}
        {fault === null && <p className="text-ink-2">{effectWords(coverage, { isRequired, graceDays: days ?? 0 })}</p>}
        {error !== null && (
          <p role="alert" className="font-medium text-crit">
            {isConflict
              ? `Somebody changed this rule meanwhile; it now says: ${ruleWords(policy).toLowerCase()}. Your change is kept here; save again to put it in its place.`
              : refusalWords(error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
