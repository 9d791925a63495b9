import { DAY_MS } from '@qd/shared/time';
import { formatDateTime } from '../../../lib/format.ts';
import { utc } from '../../../lib/zone.ts';
import { Input } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { lifeChoices, lifeDaysOf, type KeyDraft } from './draft.ts';

export interface LifeFieldProps {
  draft: Pick<KeyDraft, 'life' | 'until'>;
  now: number;
  /** What the policy says of it. */
  policy: string;
  error?: string | undefined;
  onChange(change: Partial<KeyDraft>): void;
}

/** When the key ends. */
export function LifeField({ draft, now, policy, error, onChange }: LifeFieldProps) {
  const days = lifeDaysOf(draft, now);
  const end = days === null || days < 1 ? '' : `${formatDateTime(now + days * DAY_MS, utc, now)}. `;
  return (
    <div>
      <p className="mb-[5px] text-small font-strong">Ends after</p>
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label="Ends after"
          value={draft.life}
          onChange={(life) => onChange({ life })}
          options={lifeChoices.map((value) => ({ value, label: value === 'date' ? 'Pick a date' : `${value} d` }))}
        />
        {draft.life === 'date' && (
          <Input
            type="date"
            aria-label="Day it ends, UTC"
            className="!w-auto"
            value={draft.until}
            onChange={(event) => onChange({ until: event.target.value })}
          />
        )}
      </div>
      <p className="mt-[5px] text-small text-ink-3">
        {end}
        {policy}
      </p>
      {error !== undefined && (
        <p role="alert" className="text-small font-medium text-crit">
          {error}
        </p>
      )}
    </div>
  );
}
