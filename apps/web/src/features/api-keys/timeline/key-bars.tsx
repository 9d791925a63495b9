import type { KeyListRow } from '@qd/shared/api-keys';
import type { CSSProperties } from 'react';
import type { Span, MonthAxis } from '../../../lib/month-axis.ts';
import { Glyph } from '../../../ui/glyph.tsx';
import { barWords, isEndingSoon, type At } from '../list/state-words.ts';
import { AxisLines } from './axis-lines.tsx';
import { rowSpans, type BarSpans } from './bar-spans.ts';

const placed = ({ left, width }: Span): CSSProperties => ({ left: `${left * 100}%`, width: `${width * 100}%` });

/** The keys of a row on the time axis. Said in words to who does not see it. */
export function KeyBars({ row, axis, at, isPhone }: { row: KeyListRow; axis: MonthAxis; at: At; isPhone?: boolean }) {
  const { lanes, overlap } = rowSpans(row, axis, at.nowMs, isEndingSoon(row, at.nowMs));
  const of = (index: number) => (lanes.length === 1 ? undefined : index === 0 ? 'old' : 'new');
  return (
    <div
      className="qd-key-lanes"
      data-phone={isPhone === true ? '' : undefined}
      role="img"
      aria-label={barWords(row, at)}
    >
      <AxisLines axis={axis} />
      {lanes.map((lane, index) => (
        <div key={lane.id} className="qd-key-lane" data-of={of(index)}>
          <Bar spans={lane.spans} />
        </div>
      ))}
      {overlap !== null && <span className="qd-key-overlap" style={placed(overlap)} />}
    </div>
  );
}

function Bar({ spans }: { spans: BarSpans }) {
  const { lived, left, overdue, endMark, soonMark, isEnded } = spans;
  return (
    <>
      {lived !== null && <span className="qd-key-bar" data-of={isEnded ? 'ended' : 'lived'} style={placed(lived)} />}
      {left !== null && <span className="qd-key-bar" data-of="left" style={placed(left)} />}
      {overdue !== null && <span className="qd-key-bar" data-of="overdue" style={placed(overdue)} />}
      {endMark !== null && (
        <span className="qd-key-mark" style={{ left: `${endMark * 100}%` }}>
          <Glyph name="closed" />
        </span>
      )}
      {soonMark !== null && (
        <span className="qd-key-mark" data-of="soon" style={{ left: `${soonMark * 100}%` }}>
          <Glyph name="warn" />
        </span>
      )}
    </>
  );
}
