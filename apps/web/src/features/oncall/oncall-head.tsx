import type { PlatformGaps, PlatformOnCall } from '@qd/shared/oncall';
import { formatClock } from '../../lib/format.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { Call, CallPart, DatumLine } from '../../ui/call.tsx';
import { onCallCall } from './oncall-words.ts';

export interface OncallHeadProps {
  platforms: readonly PlatformOnCall[];
  gaps: readonly PlatformGaps[];
  asOf: number;
  /** A read failed: what is shown is kept from before. */
  isStale: boolean;
  nowMs: number;
}

/** Who is on call and where nobody is, in one sentence, and how old that is. */
export function OncallHead({ platforms, gaps, asOf, isStale, nowMs }: OncallHeadProps) {
  const { zone } = useTimeZone();
  const clock = formatClock(asOf, zone, { seconds: true, withZone: true });
  const gapCount = gaps.reduce((sum, one) => sum + one.gapCount, 0);
  return (
    <>
      <Call>
        {isStale && `At ${clock}: `}
        {onCallCall(platforms, gaps, { zone, nowMs: isStale ? asOf : nowMs }).map((clause) => (
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
          { key: 'platforms', content: platforms.length === 1 ? '1 platform' : `${platforms.length} platforms` },
          { key: 'gaps', content: `${gapCount === 1 ? '1 gap' : `${gapCount} gaps`} in the next 14 d` },
        ]}
      />
    </>
  );
}
