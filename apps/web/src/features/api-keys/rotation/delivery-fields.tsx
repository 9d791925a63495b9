import type { RotationPreview } from '@qd/shared/api-keys';
import { Checkbox } from '../../../ui/checkbox.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';
import type { Draft, Faults } from './rotate-draft.ts';

export interface DeliveryFieldsProps {
  draft: Draft;
  preview: RotationPreview;
  faults: Faults;
  onChange(part: Partial<Draft>): void;
}

/** How the new key reaches whoever is to use it. */
export function DeliveryFields({ draft, preview, faults, onChange }: DeliveryFieldsProps) {
  const { canShow, link, recipients } = preview.delivery;
  const isSendable = link === 'anybody' || recipients.length > 0;
  return (
    <fieldset>
      <legend className="text-small font-strong">Hand the new key over</legend>
      <Checkbox
        kind="radio"
        name="delivery"
        label="Show it to me once"
        hint={whyNotShown(preview)}
        disabled={!canShow}
        checked={draft.delivery === 'show'}
        onChange={() => onChange({ delivery: 'show' })}
      />
      <Checkbox
        kind="radio"
        name="delivery"
        label="Send a link that shows it once, to whoever uses it"
        hint={isSendable ? sentWords(preview) : whyNotSent(preview)}
        disabled={!isSendable}
        checked={draft.delivery === 'claim'}
        onChange={() => onChange({ delivery: 'claim' })}
      />
      {draft.delivery === 'claim' && isSendable && (
        <div className="mt-1 grid gap-3">
          {link === 'anybody' ? (
            <TypedRecipient draft={draft} faults={faults} onChange={onChange} />
          ) : (
            <ListedRecipient draft={draft} recipients={recipients} onChange={onChange} />
          )}
        </div>
      )}
      <NotCounting of={preview.delivery.notCounting} />
    </fieldset>
  );
}

function TypedRecipient({ draft, faults, onChange }: Omit<DeliveryFieldsProps, 'preview'>) {
  return (
    <>
      <Field label="Name" error={faults.recipientName} required>
        <Input
          value={draft.recipientName}
          autoComplete="off"
          maxLength={100}
          onChange={(event) => onChange({ recipientName: event.target.value })}
        />
      </Field>
      <Field label="Address" error={faults.recipientEmail} required>
        <Input
          type="email"
          value={draft.recipientEmail}
          autoComplete="off"
          onChange={(event) => onChange({ recipientEmail: event.target.value })}
        />
      </Field>
    </>
  );
}

function NotCounting({ of }: { of: RotationPreview['delivery']['notCounting'] }) {
  if (of.length === 0) return null;
  return (
    <ul aria-label="Addresses that do not count" className="mt-1 grid gap-1 text-small text-ink-3">
      {of.map(({ name, email, why }) => (
        <li key={`${name} ${email}`} className="wrap-anywhere">
          <span className="mono">{email}</span>: {why}
        </li>
      ))}
    </ul>
  );
}

type Recipients = RotationPreview['delivery']['recipients'];

function ListedRecipient(props: Pick<DeliveryFieldsProps, 'draft' | 'onChange'> & { recipients: Recipients }) {
  const { draft, recipients, onChange } = props;
  const choose = (at: number): void => {
    const chosen = recipients[at];
    if (chosen !== undefined) onChange({ recipientName: chosen.name, recipientEmail: chosen.email });
  };
  return (
    <Field label="To" required>
      <Select
        value={recipients.findIndex(
          ({ name, email }) => email === draft.recipientEmail && name === draft.recipientName,
        )}
        onChange={(event) => choose(Number(event.target.value))}
      >
        {recipients.map(({ name, email }, at) => (
          <option key={`${name} ${email}`} value={at}>
            {name}, {email}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function whyNotShown({ beyondYou, delivery }: RotationPreview): string | undefined {
  if (delivery.isOfAnother) return 'The key acts for another person, who alone may see it.';
  return beyondYou.length > 0 ? `You lack ${beyondYou.join(', ')}, which the key has.` : undefined;
}

function sentWords({ delivery }: RotationPreview): string | undefined {
  return delivery.canMail ? undefined : 'No mail server is set up: the link is shown to you once, to hand on.';
}

function whyNotSent({ delivery }: RotationPreview): string {
  if (delivery.notCounting.length > 0) return 'No address of its consumers counts for a link that you may not see.';
  return delivery.canMail
    ? 'No consumer of the key is told by e-mail; name one, or ask somebody who may create keys.'
    : 'No mail server is set up, and you may not see the link; ask somebody who may create keys.';
}
