import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { useSettledText } from '../../../lib/settled-text.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { Field, Input } from '../../../ui/field.tsx';
import type { DraftOwner } from './draft.ts';

const MATCHES = 6;

/** Whom the key acts for: nobody, as a service of its own, or one person. */
export function OwnerField({
  owner,
  error,
  onChange,
}: {
  owner: DraftOwner | null;
  error?: string | undefined;
  onChange(owner: DraftOwner | null): void;
}) {
  if (owner === null) return <OwnerSearch error={error} onPick={onChange} />;
  return (
    <div>
      <p className="mb-[5px] text-small font-strong">Acts for</p>
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0">
          <span className="font-strong">{owner.name}</span>{' '}
          <span className="text-small text-ink-3 wrap-anywhere">{owner.email}</span>
        </span>
        <Button size="s" variant="ghost" onClick={() => onChange(null)}>
          Make it a service
        </Button>
      </div>
      <p className="mt-1 text-small text-ink-3">It never does more than they may, and stops when they are suspended.</p>
      {error !== undefined && (
        <p role="alert" className="text-small font-medium text-crit">
          {error}
        </p>
      )}
    </div>
  );
}

function OwnerSearch({ error, onPick }: { error: string | undefined; onPick(owner: DraftOwner): void }) {
  const trpc = useTRPC();
  const [words, setWords] = useState('');
  const { draft, setDraft } = useSettledText(words, setWords);
  const query = useQuery(
    trpc.users.list.queryOptions(
      { text: words, limit: MATCHES, state: 'active' },
      { enabled: words !== '', placeholderData: keepPreviousData },
    ),
  );
  const rows = words === '' ? [] : (query.data?.rows ?? []);
  return (
    <div>
      <Field
        label="Acts for"
        hint="Empty: a service of its own. Or look up the person it belongs to."
        error={error ?? (query.error === null ? undefined : describeError(query.error).message)}
      >
        <Input
          type="search"
          value={draft}
          maxLength={80}
          autoComplete="off"
          placeholder="Name or address"
          onChange={(event) => setDraft(event.target.value)}
        />
      </Field>
      <p role="status" className="text-small text-ink-3">
        {words !== '' && query.data !== undefined && rows.length === 0 && 'Nobody active has that name or address.'}
      </p>
      {rows.length > 0 && (
        <ul aria-label="People found" className="mt-1 border-t border-line">
          {rows.map(({ id, name, email }) => (
            <li key={id} className="border-b border-line">
              <button
                type="button"
                className="grid w-full px-2 py-1.5 text-left hover:bg-sunken phone:min-h-11"
                onClick={() => onPick({ id, name, email })}
              >
                <span className="font-strong">{name}</span>
                <span className="text-small text-ink-3 wrap-anywhere">{email}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
