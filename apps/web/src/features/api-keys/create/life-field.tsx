import { rotationDueMs, type KeyPolicyFacts } from '@qd/shared/api-keys';
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
  /** Rotation of the policy within one cycle of which a key made elsewhere ends; null where none is known. */
  cycle?: KeyPolicyFacts['rotation'] | null;
  error?: string | undefined;
  onChange(change: Partial<KeyDraft>): void;
}

/** When the key ends. */
export function LifeField({ draft, now, policy, cycle, error, onChange }: LifeFieldProps) {
  const days = lifeDaysOf(draft, now);
  const cycleEnd = cycle == null ? Infinity : rotationDueMs(cycle, now);
  const endAt = days === null || days < 1 ? null : Math.min(now + days * DAY_MS, cycleEnd);
  const end = endAt === null ? '' : `${formatDateTime(endAt, utc, now)}. `;
  const known = cycle === undefined ? '' : ' Whoever made it may still know it: it ends within one cycle of rotation.';
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
        {known}
      </p>
      {error !== undefined && (
        <p role="alert" className="text-small font-medium text-crit">
          {error}
        </p>
      )}
    </div>
  );
}
