import type { SecretView } from '@qd/shared/secrets';
import type { MonthAxis, Span } from '../../lib/month-axis.ts';
import { NowLine } from '../../ui/now-line.tsx';
import { secretSpans } from './secret-spans.ts';

const percent = (ratio: number) => `${ratio * 100}%`;

/** One secret as a bar: filled since its rotation, outlined until it is due, hatched where it is overdue. */
export function Lane({
  row,
  axis,
  nowMs,
  phone,
}: {
  row: SecretView;
  axis: MonthAxis;
  nowMs: number;
  phone?: boolean;
}) {
  const spans = secretSpans(row, axis, nowMs);
  return (
    <div className="qd-key-lanes" data-phone={phone === true ? '' : undefined} aria-hidden="true">
      {axis.months.slice(1).map((month) => (
        <span key={month.label} className="qd-key-month" style={{ left: percent(month.ratio) }} />
      ))}
      <div className="qd-key-lane">
        <Bar of={row.archivedAt === null ? 'lived' : 'ended'} span={spans.lived} />
        {row.archivedAt === null && <Bar of="left" span={spans.left} />}
        {row.archivedAt === null && <Bar of="overdue" span={spans.overdue} />}
      </div>
      <NowLine ratio={axis.nowRatio} />
    </div>
  );
}

function Bar({ of, span }: { of: 'lived' | 'left' | 'overdue' | 'ended'; span: Span | null }) {
  if (span === null) return null;
  return <i className="qd-key-bar" data-of={of} style={{ left: percent(span.left), width: percent(span.width) }} />;
}
