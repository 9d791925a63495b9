import { type CSSProperties, type ReactNode, useState } from 'react';
import { cx } from './class-names.ts';
import { Glyph, type GlyphName } from './glyph.tsx';
import { Rule } from './rule.tsx';

export type DayMark = {
  at: Date;
  /** With an end the mark is a bracket over the rule instead of a glyph. */
  endAt?: Date | undefined;
  glyph: GlyphName;
  label: string;
  /** Still to come. */
  hollow?: boolean | undefined;
};

export type DayRuleProps = {
  /** First instant of the day in the reader's time zone. */
  startAt: Date;
  /** First instant of the next day: 24 h later unless clocks change today. */
  endAt?: Date | undefined;
  now: Date;
  /** "04:00" for an instant, in the reader's time zone. */
  formatHour: (at: Date) => string;
  marks: readonly DayMark[];
  /** On the flag: "14:47:30 UTC". */
  nowLabel: string;
  /** The day in one sentence, for those who do not see it. */
  summary: string;
  /** Called when the rule is pressed, by Enter or pointer. */
  onOpenTable?: (() => void) | undefined;
  /** The day's events as a table, usually a Dialog. Gets open and the way to change it. */
  renderTable?: ((state: { open: boolean; onOpenChange: (open: boolean) => void }) => ReactNode) | undefined;
  className?: string | undefined;
};

const HOUR_MS = 3_600_000;
const HOURS = [0, 4, 8, 12, 16, 20, 24];

/** Space the flag and an hour take, as ratios of the rule: wide screens, then the phone. */
const FLAG = { desk: 0.1, phone: 0.26 };
const WORD = { desk: 0.045, phone: 0.1 };

function isUnderFlag(hourRatio: number, nowRatio: number, screen: 'desk' | 'phone'): boolean {
  const flag = FLAG[screen];
  const start = nowRatio - flag * Math.min(1, nowRatio / flag);
  const left = hourRatio >= 0.999 ? 1 - WORD[screen] : hourRatio;
  return left < start + flag && left + WORD[screen] > start;
}

type HoursProps = Pick<DayRuleProps, 'startAt' | 'formatHour'> & { endAt: Date; nowRatio: number };

function Hours({ startAt, endAt, formatHour, nowRatio }: HoursProps) {
  const spanMs = endAt.getTime() - startAt.getTime();
  return HOURS.map((hour) => {
    const isLast = hour === 24;
    const ratio = isLast ? 1 : (hour * HOUR_MS) / spanMs;
    const at = isLast ? endAt : new Date(startAt.getTime() + hour * HOUR_MS);
    const text = isLast && formatHour(at).startsWith('00') ? '24:00' : formatHour(at);
    // The flag is wider on the phone, so what it covers on a wide screen it covers there too.
    const widest = isUnderFlag(ratio, nowRatio, 'desk') ? 'desk' : 'phone';
    const near = isUnderFlag(ratio, nowRatio, widest) ? widest : undefined;
    return (
      <span
        key={hour}
        className="qd-day-hour"
        data-edge={hour === 0 ? 'start' : isLast ? 'end' : undefined}
        data-minor={hour === 0 || isLast || hour === 16 ? undefined : ''}
        data-near={near}
        style={{ left: `${ratio * 100}%` }}
      >
        {text}
      </span>
    );
  });
}

type MarksProps = { marks: readonly DayMark[]; ratioOf: (at: Date) => number };

function Marks({ marks, ratioOf }: MarksProps) {
  return marks.map((mark) => {
    const key = `${mark.at.getTime()} ${mark.label}`;
    const left = ratioOf(mark.at);
    if (mark.endAt !== undefined) {
      const from = Math.max(0, left);
      const width = Math.min(1, ratioOf(mark.endAt)) - from;
      if (width < 0) return null;
      return (
        <span
          key={key}
          className="qd-day-span"
          style={{ left: `${from * 100}%`, width: `${width * 100}%` }}
          title={mark.label}
        />
      );
    }
    if (left < 0 || left > 1) return null;
    return (
      <span
        key={key}
        className="qd-day-mark"
        data-minor=""
        data-hollow={mark.hollow === true ? '' : undefined}
        style={{ left: `${left * 100}%` }}
        title={mark.label}
      >
        <Glyph name={mark.glyph} size={10} hollow={mark.hollow} />
      </span>
    );
  });
}

/** Today as one ruled line under the header: past solid, future faded, events above it, now in magenta. */
export function DayRule(props: DayRuleProps) {
  const { startAt, now, formatHour, marks, nowLabel, summary, onOpenTable, renderTable, className } = props;
  const endAt = props.endAt ?? new Date(startAt.getTime() + 24 * HOUR_MS);
  const [open, setOpen] = useState(false);
  const ratioOf = (at: Date) => (at.getTime() - startAt.getTime()) / (endAt.getTime() - startAt.getTime());
  const nowRatio = Math.min(1, Math.max(0, ratioOf(now)));
  const style: CSSProperties & { '--r': number } = { '--r': nowRatio };
  const canOpen = onOpenTable !== undefined || renderTable !== undefined;
  const press = () => {
    onOpenTable?.();
    if (renderTable !== undefined) setOpen(true);
  };
  return (
    <div className={cx('qd-day', className)} style={style}>
      <div role="img" aria-label={summary} className="absolute inset-0">
        <Hours startAt={startAt} endAt={endAt} formatHour={formatHour} nowRatio={nowRatio} />
        <Marks marks={marks} ratioOf={ratioOf} />
        <Rule units={Math.round((endAt.getTime() - startAt.getTime()) / HOUR_MS)} nowRatio={nowRatio} />
        <div className="qd-day-now">
          <span className="qd-day-flag">{nowLabel}</span>
        </div>
      </div>
      {canOpen && (
        <button
          type="button"
          className="qd-day-open"
          aria-haspopup={renderTable === undefined ? undefined : 'dialog'}
          aria-label="Events of this day as a table"
          onClick={press}
        />
      )}
      {renderTable?.({ open, onOpenChange: setOpen })}
    </div>
  );
}
