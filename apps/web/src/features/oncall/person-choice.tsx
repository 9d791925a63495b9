import type { SlotPerson } from '@qd/shared/oncall';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { describeError } from '../../lib/errors.ts';
import { useSettledText } from '../../lib/settled-text.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';

const SHOWN = 6;

export interface PersonChoiceProps {
  platform: string;
  chosen: SlotPerson | null;
  /** Somebody who is not offered. */
  without?: string;
  error?: string | undefined;
  onChoose(person: SlotPerson | null): void;
}

/** Who is to be on call: of those active who see the platform. */
export function PersonChoice({ platform, chosen, without, error, onChoose }: PersonChoiceProps) {
  const trpc = useTRPC();
  const [words, setWords] = useState('');
  const { draft, setDraft } = useSettledText(words, setWords);
  const query = useQuery(
    trpc.oncall.people.queryOptions(
      { platform, search: words },
      { enabled: platform !== '' && chosen === null, placeholderData: keepPreviousData },
    ),
  );
  if (chosen !== null) {
    return (
      <div className="grid gap-[5px]">
        <span className="text-small font-strong">Person</span>
        <div className="flex flex-wrap items-center gap-2">
          <span>
            {chosen.name}, <span className="text-ink-3 wrap-anywhere">{chosen.email}</span>
          </span>
          <Button size="s" onClick={() => onChoose(null)}>
            Choose somebody else
          </Button>
        </div>
        {error !== undefined && (
          <p role="alert" className="text-small font-medium text-crit">
            {error}
          </p>
        )}
      </div>
    );
  }
  const found = query.data?.filter(({ id }) => id !== without);
  const shown = found?.slice(0, SHOWN) ?? [];
  const failure = query.error === null ? null : describeError(query.error);
  return (
    <div>
      <Field
        label="Person"
        required
        error={error}
        hint={platform === '' ? 'Choose a platform first.' : 'Somebody active who sees the platform.'}
      >
        <Input
          type="search"
          value={draft}
          maxLength={100}
          autoComplete="off"
          placeholder="Name or address"
          disabled={platform === ''}
          onChange={(event) => setDraft(event.target.value)}
        />
      </Field>
      {failure !== null && (
        <p role="alert" className="mt-1 text-small text-crit">
          {failure.message} {failure.remedy}
        </p>
      )}
      <p role="status" className="mt-1 text-small text-ink-3">
        {statusOf(found, shown.length)}
      </p>
      {shown.length > 0 && (
        <ul aria-label="People found" className="mt-1 border-t border-line">
          {shown.map((person) => (
            <li key={person.id} className="border-b border-line">
              <button
                type="button"
                className="grid w-full px-2 py-1.5 text-left hover:bg-sunken phone:min-h-11"
                onClick={() => onChoose(person)}
              >
                <span className="font-strong">{person.name}</span>
                <span className="text-small text-ink-3 wrap-anywhere">{person.email}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function statusOf(found: readonly SlotPerson[] | undefined, shown: number): string {
  if (found === undefined) return '';
  if (found.length === 0) return 'Nobody who sees the platform fits.';
  return found.length > shown ? `The first ${shown} people; type to narrow it down.` : `${shown} people fit.`;
}
