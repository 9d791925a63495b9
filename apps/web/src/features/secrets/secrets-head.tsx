import type { SecretCounts, SecretView } from '@qd/shared/secrets';
import { formatClock } from '../../lib/format.ts';
import { KeyPageLinks } from '../../lib/key-page-links.tsx';
import { useTimeZone } from '../../lib/time-zone.ts';
import { Call, CallPart, DatumLine } from '../../ui/call.tsx';
import { secretsCall } from './secret-words.ts';

export interface SecretsHeadProps {
  rows: readonly SecretView[];
  counts: SecretCounts;
  asOf: number;
  /** The last read failed: what is shown is kept from before. */
  isStale: boolean;
  nowMs: number;
  nameOf(platform: string): string;
}

/** What is due in one sentence, and how old that is. */
export function SecretsHead({ rows, counts, asOf, isStale, nowMs, nameOf }: SecretsHeadProps) {
  const { zone } = useTimeZone();
  const clock = formatClock(asOf, zone, { seconds: true, withZone: true });
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <Call>
        {isStale && `At ${clock}: `}
        {secretsCall(rows, counts, { nowMs: isStale ? asOf : nowMs, nameOf }).map((clause) => (
          <CallPart key={clause.text} tone={clause.tone}>
            {clause.text}{' '}
          </CallPart>
        ))}
      </Call>
      <DatumLine
        items={[
          {
            key: 'as-of',
            glyph: isStale ? 'unknown' : 'ok',
            content: (
              <>
                As of <b>{clock}</b>
              </>
            ),
          },
          { key: 'total', content: total === 1 ? '1 secret' : `${total} secrets` },
          { key: 'values', content: 'The console never holds their values' },
        ]}
      />
      <KeyPageLinks />
    </>
  );
}
