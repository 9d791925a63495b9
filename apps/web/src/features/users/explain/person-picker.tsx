import type { UserState } from '@qd/shared/users';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { useSettledText } from '../../../lib/settled-text.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Field, Input } from '../../../ui/field.tsx';

const MATCHES = 6;

export interface PersonPickerProps {
  label?: string;
  /** Only people in this state. */
  state?: UserState;
  /** Somebody who is not offered. */
  without?: string;
  onPick(person: { id: string; name: string }): void;
}

/** Looks a person up by name or address. */
export function PersonPicker({ label = 'Person', state, without, onPick }: PersonPickerProps) {
  const trpc = useTRPC();
  const [words, setWords] = useState('');
  const { draft, setDraft } = useSettledText(words, setWords);
  const query = useQuery(
    trpc.users.list.queryOptions(
      { text: words, limit: MATCHES, ...(state !== undefined && { state }) },
      { enabled: words !== '', placeholderData: keepPreviousData },
    ),
  );
  const rows = words === '' ? undefined : query.data?.rows.filter(({ id }) => id !== without);
  return (
    <div>
      <Field label={label}>
        <Input
          type="search"
          value={draft}
          maxLength={80}
          autoComplete="off"
          placeholder="Name or address"
          onChange={(event) => setDraft(event.target.value)}
        />
      </Field>
      {query.error !== null && (
        <p role="alert" className="mt-1 text-small text-crit">
          {describeError(query.error).message} {describeError(query.error).remedy}
        </p>
      )}
      <p role="status" className="sr-only">
        {rows === undefined ? '' : rows.length === 0 ? 'Nobody fits.' : `${rows.length} people fit.`}
      </p>
      {rows?.length === 0 && <p className="mt-1 text-small text-ink-3">Nobody you may see has that name or address.</p>}
      {rows !== undefined && rows.length > 0 && (
        <ul aria-label="People found" className="mt-1 border-t border-line">
          {rows.map(({ id, name, email }) => (
            <li key={id} className="border-b border-line">
              <button
                type="button"
                className="grid w-full px-2 py-1.5 text-left hover:bg-sunken phone:min-h-11"
                onClick={() => onPick({ id, name })}
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
