import type { DirectoryCounts } from '@qd/shared/users';
import { Fragment } from 'react';
import { formatClock, formatCount } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Call, CallPart, DatumLine } from '../../../ui/call.tsx';
import { CallSkeleton, Delayed } from '../../../ui/skeleton.tsx';
import { directoryCall } from './call-words.ts';

export interface DirectoryHeadProps {
  counts: DirectoryCounts | undefined;
  /** The counts could not be read. */
  failed: boolean;
  readAt: number;
  /** What is on screen is older than it should be. */
  isStale: boolean;
  platforms: number;
}

/** Those without access, where there are any: `2 invited, 1 suspended`. */
function statesWords({ invited, suspended, offboarded }: DirectoryCounts['byState']) {
  const parts = [
    { count: invited, word: 'invited' },
    { count: suspended, word: 'suspended' },
    { count: offboarded, word: 'gone' },
  ].filter(({ count }) => count > 0);
  if (parts.length === 0) return [];
  return [{ key: 'states', content: parts.map(({ count, word }) => `${formatCount(count)} ${word}`).join(', ') }];
}

/** The sentence with words that have a hyphen on one line. */
function whole(text: string) {
  return text.split(/(\S+-\S+)/).map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <span key={index} className="whitespace-nowrap">
        {part}
      </span>
    ),
  );
}

/** The sentence that answers the page's question, and how old it is. */
export function DirectoryHead({ counts, failed, readAt, isStale, platforms }: DirectoryHeadProps) {
  const { zone } = useTimeZone();
  if (counts === undefined) {
    if (failed) return <Call>The directory of people did not load.</Call>;
    return (
      <Delayed words="Counting people…">
        <CallSkeleton />
      </Delayed>
    );
  }
  const clock = formatClock(readAt, zone, { seconds: true, withZone: true });
  return (
    <>
      <Call>
        {isStale && `At ${clock}: `}
        {directoryCall(counts).map((clause, index) => (
          <Fragment key={clause.text}>
            {index > 0 && ' '}
            {clause.tone === 'none' ? clause.text : <CallPart tone={clause.tone}>{whole(clause.text)}</CallPart>}
          </Fragment>
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
          ...statesWords(counts.byState),
          { key: 'platforms', content: platforms === 1 ? '1 platform' : `${platforms} platforms` },
          { key: 'audit', content: 'Every change is written to the audit log' },
        ]}
      />
    </>
  );
}
