import { useUser } from '../../../lib/session.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { RangesField, RateField } from '../limits/limit-fields.tsx';
import { DraftConsumers } from './draft-consumers.tsx';
import type { KeyDraft } from './draft.ts';
import { OwnerField } from './owner-field.tsx';

export interface MoreFieldsProps {
  draft: KeyDraft;
  faults: Partial<Record<string, string>>;
  /** Whether links are mailed; null where the secret goes to nobody, since it was made elsewhere. */
  canMail: boolean | null;
  /** True for people who may look others up. */
  canFindPeople: boolean;
  onChange(change: Partial<KeyDraft>): void;
}

/** Who gets the secret, for whom the key acts, its limits and who uses it: what most keys leave as it is. */
export function MoreFields({ draft, faults, canMail, canFindPeople, onChange }: MoreFieldsProps) {
  const me = useUser();
  // A key of another person is theirs alone: they draw it.
  const choose = (owner: KeyDraft['owner']): void =>
    onChange(owner === null || owner.id === me.id ? { owner } : { owner, delivery: 'claim' });
  return (
    <div className="grid gap-3">
      {canMail !== null && <DeliveryFields draft={draft} faults={faults} canMail={canMail} onChange={onChange} />}
      {canFindPeople && <OwnerField owner={draft.owner} error={faults['ownerId']} onChange={choose} />}
      <div className="grid items-start gap-3 desk:grid-cols-2">
        <RangesField text={draft.ipAllow} error={faults['ipAllow']} onChange={(ipAllow) => onChange({ ipAllow })} />
        <RateField text={draft.rate} error={faults['rateLimitPerMin']} onChange={(rate) => onChange({ rate })} />
      </div>
      <DraftConsumers
        consumers={draft.consumers}
        error={faults['consumers']}
        onChange={(consumers) => onChange({ consumers })}
      />
    </div>
  );
}

type DeliveryFieldsProps = Pick<MoreFieldsProps, 'draft' | 'faults' | 'onChange'> & { canMail: boolean };

function DeliveryFields({ draft, faults, canMail, onChange }: DeliveryFieldsProps) {
  const how = canMail
    ? 'It is mailed to them, and works once, for 72 h.'
    : 'No mail server is set up: the link is shown to you once.';
  const me = useUser();
  const isOfAnother = draft.owner !== null && draft.owner.id !== me.id;
  return (
    <div>
      <p className="mb-[5px] text-small font-strong">Who sees the secret</p>
      <Segmented
        label="Who sees the secret"
        value={draft.delivery}
        onChange={(delivery) => onChange({ delivery })}
        options={[
          { value: 'show', label: 'I do, now', disabled: isOfAnother },
          { value: 'claim', label: 'Whoever uses it, by a link' },
        ]}
      />
      {draft.delivery === 'claim' && (
        <>
          <p className="mt-1 text-small text-ink-3">They draw the key themselves; nobody here sees it. {how}</p>
          {draft.owner === null ? (
            <div className="mt-2 grid items-start gap-3 desk:grid-cols-2">
              <Field label="Recipient" required error={faults['recipientName']}>
                <Input
                  value={draft.recipientName}
                  maxLength={200}
                  autoComplete="off"
                  onChange={(event) => onChange({ recipientName: event.target.value })}
                />
              </Field>
              <Field label="Their email" required error={faults['recipientEmail']}>
                <Input
                  type="email"
                  value={draft.recipientEmail}
                  maxLength={320}
                  autoComplete="off"
                  onChange={(event) => onChange({ recipientEmail: event.target.value })}
                />
              </Field>
            </div>
          ) : (
            <p className="mt-1">
              To <b>{draft.owner.name}</b>, {draft.owner.email}.
            </p>
          )}
        </>
      )}
    </div>
  );
}
