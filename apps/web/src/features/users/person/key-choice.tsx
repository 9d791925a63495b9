import type { OwnedKeyView } from '@qd/shared/users';
import { serverNow } from '../../../lib/clock.ts';
import { formatWhen } from '../../../lib/format.ts';
import { useUser } from '../../../lib/session.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Button } from '../../../ui/button.tsx';
import { Select } from '../../../ui/field.tsx';
import { PersonPicker } from '../explain/person-picker.tsx';
import { usePlatformNames } from '../use-platform-names.ts';

/** What becomes of a key: it is revoked, goes to a person, or to somebody who is still to be chosen. */
export type KeyChoice = 'revoke' | 'undecided' | { id: string; name: string };
export type KeyChoices = Record<string, KeyChoice | undefined>;

export interface KeyChoiceLineProps {
  ownedKey: OwnedKeyView;
  /** Id of who leaves. */
  leaver: string;
  choice: KeyChoice;
  onChoose(choice: KeyChoice): void;
}

/** One key of who leaves, and what becomes of it. Whether somebody may take it over, the server says. */
export function KeyChoiceLine({ ownedKey, leaver, choice, onChoose }: KeyChoiceLineProps) {
  const { zone } = useTimeZone();
  const { nameOf } = usePlatformNames();
  const me = useUser();
  const { name, platform, lastUsedAt } = ownedKey;
  const used = lastUsedAt === null ? 'never used' : `last used ${formatWhen(lastUsedAt, zone, serverNow())}`;
  const taker = typeof choice === 'object' ? choice : null;
  const chosen = choice === 'revoke' ? 'revoke' : taker?.id === me.id ? 'me' : 'other';
  const choose = (value: string) => {
    if (value === 'me') onChoose({ id: me.id, name: me.name });
    else onChoose(value === 'other' ? 'undecided' : 'revoke');
  };
  return (
    <div className="grid gap-1.5">
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1">
          {name} <span className="text-small text-ink-3">{`${nameOf(platform)}, ${used}`}</span>
        </span>
        <span className="w-44">
          <Select
            aria-label={`What becomes of ${name}`}
            value={chosen}
            onChange={(event) => choose(event.target.value)}
          >
            <option value="revoke">Revoke</option>
            <option value="me">Pass on to me</option>
            <option value="other">Pass on to another</option>
          </Select>
        </span>
      </div>
      {choice === 'undecided' && (
        <PersonPicker label={`Who takes over ${name}`} state="active" without={leaver} onPick={onChoose} />
      )}
      {chosen === 'other' && taker !== null && (
        <p className="flex flex-wrap items-center gap-2">
          {taker.name} takes it over.
          <Button size="s" variant="ghost" onClick={() => onChoose('undecided')}>
            Choose somebody else
          </Button>
        </p>
      )}
    </div>
  );
}
