import type { KeyCounts } from '@qd/shared/api-keys';
import { Fragment } from 'react';
import { formatClock, formatCount } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Call, CallPart, DatumLine } from '../../../ui/call.tsx';
import { CallSkeleton, Delayed } from '../../../ui/skeleton.tsx';
import { keysCall } from './call-words.ts';

export interface KeysHeadProps {
  counts: KeyCounts | undefined;
  /** The counts could not be read; what is on screen is older than it should be. */
  failed: boolean;
  readAt: number;
  nowMs: number;
}

/** The sentence that answers the page's question, and how old it is. */
export function KeysHead({ counts, failed, readAt, nowMs }: KeysHeadProps) {
  const { zone } = useTimeZone();
  if (counts === undefined) {
    if (failed) return <Call>The API keys did not load.</Call>;
    return (
      <Delayed words="Reading keys…">
        <CallSkeleton />
      </Delayed>
    );
  }
  const clock = formatClock(readAt, zone, { seconds: true, withZone: true });
  const { live, usable } = counts;
  return (
    <>
      <Call>
        {failed && `At ${clock}: `}
        {keysCall(counts, failed ? readAt : nowMs).map((clause, index) => (
          <Fragment key={clause.text}>
            {index > 0 && ' '}
            {clause.tone === 'none' ? clause.text : <CallPart tone={clause.tone}>{clause.text}</CallPart>}
          </Fragment>
        ))}
      </Call>
      <DatumLine
        items={[
          {
            key: 'as-of',
            glyph: failed ? 'unknown' : 'ok',
            content: (
              <>
                As of <b>{clock}</b>
              </>
            ),
          },
          {
            key: 'keys',
            content: `${formatCount(live)} ${live === 1 ? 'key' : 'keys'}, ${formatCount(usable)} usable`,
          },
          { key: 'rates', content: 'Requests are means of the last 10 min' },
          { key: 'secrets', content: 'Secrets are stored as hashes and cannot be shown again' },
        ]}
      />
    </>
  );
}
