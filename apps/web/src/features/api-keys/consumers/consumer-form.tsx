import { consumerChannels, newConsumer, type ConsumerChannel, type NewConsumer } from '@qd/shared/api-keys';
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { rangesIn, sentence } from '../create/draft.ts';
import { addressLabels, channelTitles } from './consumer-words.ts';

interface Typed {
  name: string;
  ownerName: string;
  channel: ConsumerChannel;
  address: string;
  ranges: string;
  agents: string;
}

export interface ConsumerFormProps {
  /** The consumer there is, or what is known of a new one. */
  from?: Partial<NewConsumer> | undefined;
  onSave(consumer: NewConsumer): Promise<void>;
  onCancel(): void;
}

/** A program that uses a key: its name, who answers for it, how they are told, and how its calls are known. */
export function ConsumerForm({ from, onSave, onCancel }: ConsumerFormProps) {
  const [typed, setTyped] = useState<Typed>(() => typedOf(from));
  const [faults, setFaults] = useState<Partial<Record<string, string>>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const own = useRef<HTMLDivElement>(null);
  useFocusWhileOpen(own);
  const change = (next: Partial<Typed>): void => setTyped({ ...typed, ...next });
  const save = (): void => {
    if (isSaving) return;
    const read = newConsumer.safeParse({
      ...typed,
      ranges: rangesIn(typed.ranges),
      agents: typed.agents
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    });
    if (!read.success) {
      setFaults(
        Object.fromEntries(read.error.issues.toReversed().map((issue) => [issue.path[0], sentence(issue.message)])),
      );
      return;
    }
    setFaults({});
    setFailure(null);
    setSaving(true);
    onSave(read.data)
      .catch((error: unknown) => {
        const { message, remedy } = describeError(error);
        setFailure(`${message} ${remedy}`);
      })
      .finally(() => setSaving(false));
  };
  // It may stand inside another form, so it is none itself.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    event.stopPropagation();
    save();
  };
  return (
    <div
      ref={own}
      role="group"
      aria-label="Consumer"
      className="mt-2 grid gap-3 border-l-3 border-overprint-line bg-sunken px-2.5 py-2"
      onKeyDown={onKeyDown}
    >
      <ConsumerFields typed={typed} faults={faults} onChange={change} />
      {failure !== null && (
        <p role="alert" className="font-medium text-crit">
          {failure}
        </p>
      )}
      <div className="flex gap-2">
        <Button size="s" variant="primary" pending={isSaving} onClick={save}>
          Save consumer
        </Button>
        <Button size="s" variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

/** The first field takes the focus, and whatever opened the form gets it back. */
function useFocusWhileOpen(own: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const opener = document.activeElement;
    own.current?.querySelector('input')?.focus();
    return () => {
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, [own]);
}

function ConsumerFields({
  typed,
  faults,
  onChange: change,
}: {
  typed: Typed;
  faults: Partial<Record<string, string>>;
  onChange(change: Partial<Typed>): void;
}) {
  const { label, hint } = addressLabels[typed.channel];
  return (
    <div className="grid items-start gap-3 desk:grid-cols-2">
      <Field label="Name" required error={faults['name']}>
        <Input
          value={typed.name}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => change({ name: event.target.value })}
        />
      </Field>
      <Field label="Who answers for it" required error={faults['ownerName']}>
        <Input
          value={typed.ownerName}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => change({ ownerName: event.target.value })}
        />
      </Field>
      <Field label="Told by" error={faults['channel']}>
        <Select
          value={typed.channel}
          onChange={(event) =>
            change({ channel: consumerChannels.find((one) => one === event.target.value) ?? 'email' })
          }
        >
          {consumerChannels.map((channel) => (
            <option key={channel} value={channel}>
              {channelTitles[channel]}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={label} hint={hint} required error={faults['address']}>
        <Input
          value={typed.address}
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change({ address: event.target.value })}
        />
      </Field>
      <Field label="Calls from" hint="Addresses or ranges. Empty: from anywhere." error={faults['ranges']}>
        <Input
          value={typed.ranges}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change({ ranges: event.target.value })}
        />
      </Field>
      <Field label="Calls as" hint="Beginnings of the user agent, parted by commas." error={faults['agents']}>
        <Input
          value={typed.agents}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => change({ agents: event.target.value })}
        />
      </Field>
    </div>
  );
}

function typedOf(from: Partial<NewConsumer> = {}): Typed {
  const { name = '', ownerName = '', channel = 'email', address = '', ranges = [], agents = [] } = from;
  return { name, ownerName, channel, address, ranges: ranges.join(', '), agents: agents.join(', ') };
}
