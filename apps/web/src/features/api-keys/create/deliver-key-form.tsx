import { deliverKeyInput, type DeliverOptions, type NewKey } from '@qd/shared/api-keys';
import { useId, useState, type FormEvent } from 'react';
import { useTRPCClient } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { NoLink } from './deliver-refused.tsx';
import { sentence } from './draft.ts';
import { KeyFields, type KeyPlace } from './key-fields.tsx';
import { ScopePicker } from './scope-picker.tsx';
import { useSecretCall } from './use-create.ts';

export interface DeliverKeyFormProps {
  title: string;
  personId: string;
  options: DeliverOptions;
  onMade(made: NewKey): void;
  onClose(): void;
}

/** What the key a person draws may do: no more than their own role on the platform. */
export function DeliverKeyForm({ title, personId, options, onMade, onClose }: DeliverKeyFormProps) {
  const form = useId();
  const client = useTRPCClient();
  const [draft, setDraft] = useState<KeyPlace>(() => startOf(options));
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
    if (read.success && !isRefused) send(read.data);
  };
  const account = options.accounts.find(({ platform }) => platform === draft.platform);
  const isRefused = account?.way === 'refused';
  const how =
    account?.way === 'mailed'
      ? `It is mailed to ${options.email}`
      : `No mail goes to ${options.email} from here: the link is shown to you once, you hand it on`;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={`They draw the key themselves; nobody here sees it. ${isRefused ? '' : `${how}, and it works once, for 72 h.`}`}
      footer={
        <>
          <Button variant="ghost" kbd="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={form}
            variant="primary"
            pending={pending}
            disabledReason={isRefused ? `No link can be made for ${account.platformName} by you.` : undefined}
          >
            {account?.way === 'shown' ? 'Make link' : 'Send link'}
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
        {isRefused && <NoLink platformNames={[account.platformName]} isDemo={options.isDemo} />}
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
  draft: KeyPlace;
  options: DeliverOptions;
  faults: Partial<Record<string, string>>;
  onChange(change: Partial<KeyPlace>): void;
}

function Fields({ draft, options, faults, onChange }: FieldsProps) {
  const account = options.accounts.find(({ platform }) => platform === draft.platform);
  return (
    <>
      <KeyFields
        draft={draft}
        platforms={options.accounts.map(({ platform, platformName }) => ({ id: platform, name: platformName }))}
        platformHint={account && `Their role there: ${account.role}.`}
        faults={faults}
        onChange={onChange}
      />
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

/** Begins on a platform the link can be sent for, if there is one. */
function startOf({ name, accounts }: DeliverOptions): KeyPlace {
  const first = accounts.find(({ way }) => way !== 'refused') ?? accounts[0];
  return { name: `Key of ${name}`, platform: first?.platform ?? '', environment: 'prod', scopes: [] };
}
