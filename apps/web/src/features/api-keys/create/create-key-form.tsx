import type { CreateOptions, KeyLimitsView, NewKey } from '@qd/shared/api-keys';
import { useId, useState, type KeyboardEvent } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { submitKey } from '../../../lib/command-key.ts';
import { usePlatformScope } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { emptyDraft, policyWords, scopesOn, type KeyDraft } from './draft.ts';
import { ForeignKeyField } from './foreign-key-field.tsx';
import { KeyFields } from './key-fields.tsx';
import { wayWords, type KeyWay } from './key-ways.ts';
import { LifeField } from './life-field.tsx';
import { MoreFields } from './more-fields.tsx';
import { ScopePicker } from './scope-picker.tsx';
import { StepTitle } from './step-title.tsx';
import { useCreate, useHeld } from './use-create.ts';
import { saidByKey, useForeignKey } from './use-foreign-key.ts';

export interface CreateKeyFormProps {
  way: KeyWay;
  onWay(way: KeyWay): void;
  options: CreateOptions;
  source: KeyLimitsView | undefined;
  copyFrom: string | undefined;
  onMade(made: NewKey): void;
  onClose(): void;
}

/** The first step: what the key is to be, and the key itself where it was made elsewhere. */
export function CreateKeyForm({ way, onWay, options, source, copyFrom, onMade, onClose }: CreateKeyFormProps) {
  const form = useId();
  const [scope] = usePlatformScope();
  const [draft, setDraft] = useState<KeyDraft>(() => startOf(options, source, scope));
  const foreign = useForeignKey(way === 'import');
  const words = wayWords[way];
  const { submit, pending, failure, faults } = useCreate(
    { draft, copyFrom, text: way === 'import' ? foreign.pasted : null },
    onMade,
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    submit();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={<StepTitle title={source === undefined ? words.title : `Create a key like ${source.name}`} step={1} />}
      className="desk:w-[min(468px,calc(100vw-32px))]"
      footer={
        <>
          {source === undefined && (
            <Button variant="ghost" className="mr-auto" onClick={() => onWay(way === 'import' ? 'create' : 'import')}>
              {words.other}
            </Button>
          )}
          <Button variant="ghost" kbd="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={form} variant="primary" kbd={submitKey} pending={pending}>
            {words.act}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="grid gap-3"
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {way === 'import' && (
          <ForeignKeyField
            text={foreign.text}
            read={foreign.read}
            platforms={options.platforms}
            error={faults['text']}
            onChange={(text) => {
              foreign.setText(text);
              setDraft({ ...draft, ...saidByKey({ text, platforms: options.platforms }, draft) });
            }}
          />
        )}
        <DraftFields
          way={way}
          draft={draft}
          options={options}
          faults={faults}
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

const moreFields = ['ownerId', 'recipientName', 'recipientEmail', 'ipAllow', 'rateLimitPerMin', 'consumers'];

interface DraftFieldsProps {
  way: KeyWay;
  draft: KeyDraft;
  options: CreateOptions;
  faults: Partial<Record<string, string>>;
  onChange(change: Partial<KeyDraft>): void;
}

function DraftFields({ way, draft, options, faults, onChange }: DraftFieldsProps) {
  const can = useCan();
  const held = useHeld(draft);
  const platform = options.platforms.find(({ id }) => id === draft.platform);
  const { canMail, isOwner } = options;
  const everywhere = can('api-keys:write', null) ? [{ id: '*', name: 'All platforms' }] : [];
  return (
    <>
      <KeyFields draft={draft} platforms={[...options.platforms, ...everywhere]} faults={faults} onChange={onChange} />
      <ScopePicker
        scopes={scopesOn(options, draft.platform)}
        chosen={draft.scopes}
        held={held}
        error={faults['scopes']}
        onChange={(scopes) => onChange({ scopes })}
      />
      <LifeField
        draft={draft}
        now={serverNow()}
        policy={policyWords(platform, { environment: draft.environment, isOwner })}
        {...(way === 'import' && { cycle: platform?.policy.rotation ?? null })}
        error={faults['lifeDays']}
        onChange={onChange}
      />
      <details
        open={moreFields.some((field) => faults[field] !== undefined) || undefined}
        className="border-t border-line pt-2"
      >
        <summary className="cursor-pointer font-strong phone:min-h-11 phone:py-3">{wayWords[way].more}</summary>
        <div className="mt-2">
          <MoreFields
            draft={draft}
            faults={faults}
            canMail={way === 'import' ? null : canMail}
            canFindPeople={can('users:read')}
            onChange={onChange}
          />
        </div>
      </details>
    </>
  );
}

function startOf(options: CreateOptions, source: KeyLimitsView | undefined, scope: string | null): KeyDraft {
  const first = options.platforms.find(({ id }) => id === (source?.platform ?? scope)) ?? options.platforms[0];
  const draft = emptyDraft(source?.platform ?? first?.id ?? '*');
  if (source === undefined) return draft;
  const { scopes, ipAllow, rateLimitPerMin } = source;
  return {
    ...draft,
    scopes,
    ipAllow: ipAllow.join('\n'),
    rate: rateLimitPerMin === null ? '' : String(rateLimitPerMin),
  };
}
