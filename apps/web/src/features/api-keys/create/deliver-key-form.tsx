import {
  deliverKeyInput,
  keyEnvironments,
  type DeliverOptions,
  type KeyEnvironment,
  type NewKey,
} from '@qd/shared/api-keys';
import { useId, useState, type FormEvent } from 'react';
import { useTRPCClient } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field, Input, Select } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { sentence } from './draft.ts';
import { ScopePicker } from './scope-picker.tsx';
import { useSecretCall } from './use-create.ts';

export interface DeliverKeyFormProps {
  title: string;
  personId: string;
  options: DeliverOptions;
  onMade(made: NewKey): void;
  onClose(): void;
}

interface Draft {
  name: string;
  platform: string;
  environment: KeyEnvironment;
  scopes: string[];
}

/** What the key a person draws may do: no more than their own role on the platform. */
export function DeliverKeyForm({ title, personId, options, onMade, onClose }: DeliverKeyFormProps) {
  const form = useId();
  const client = useTRPCClient();
  const [draft, setDraft] = useState<Draft>(() => startOf(options));
  const [faults, setFaults] = useState<Partial<Record<string, string>>>({});
  const { send, pending, failure, said } = useSecretCall(client.apiKeys.deliver.mutate, onMade);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const read = deliverKeyInput.safeParse({ ...draft, ownerId: personId });
    setFaults(
      read.success
        ? {}
        : Object.fromEntries(read.error.issues.map(({ path, message }) => [path[0], sentence(message)])),
    );
    if (read.success) send(read.data);
  };
  const how = options.canMail ? `It is mailed to ${options.email}` : `You hand it to ${options.email} yourself`;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={`They draw the key themselves; nobody here sees it. ${how}, and works once, for 72 h.`}
      footer={
        <>
          <Button variant="ghost" kbd="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={form} variant="primary" pending={pending}>
            Send link
          </Button>
        </>
      }
    >
      <form id={form} noValidate className="grid gap-3" onSubmit={submit}>
        <Fields
          draft={draft}
          options={options}
          faults={{ ...said, ...faults }}
          onChange={(change) => setDraft({ ...draft, ...change })}
        />
        {failure !== null && (
          <p role="alert" className="font-medium text-crit">
            {failure}
          </p>
        )}
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  draft: Draft;
  options: DeliverOptions;
  faults: Partial<Record<string, string>>;
  onChange(change: Partial<Draft>): void;
}

function Fields({ draft, options, faults, onChange }: FieldsProps) {
  const account = options.accounts.find(({ platform }) => platform === draft.platform);
  return (
    <>
      <Field label="Name of the key" required error={faults['name']}>
        <Input
          value={draft.name}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      <div className="grid items-start gap-3 desk:grid-cols-[minmax(0,1fr)_auto]">
        <Field label="Platform" hint={account && `Their role there: ${account.role}.`} error={faults['platform']}>
          <Select value={draft.platform} onChange={(event) => onChange({ platform: event.target.value, scopes: [] })}>
            {options.accounts.map(({ platform, platformName }) => (
              <option key={platform} value={platform}>
                {platformName}
              </option>
            ))}
          </Select>
        </Field>
        <div>
          <p className="mb-[5px] text-small font-strong">Environment</p>
          <Segmented
            label="Environment"
            value={draft.environment}
            onChange={(environment) => onChange({ environment })}
            options={keyEnvironments.map((value) => ({ value, label: value }))}
          />
        </div>
      </div>
      <ScopePicker
        scopes={account?.scopes ?? []}
        chosen={draft.scopes}
        held={null}
        error={faults['scopes']}
        onChange={(scopes) => onChange({ scopes })}
      />
    </>
  );
}

function startOf({ name, accounts }: DeliverOptions): Draft {
  return { name: `Key of ${name}`, platform: accounts[0]?.platform ?? '', environment: 'prod', scopes: [] };
}
