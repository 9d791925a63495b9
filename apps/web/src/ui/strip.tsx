import { type ReactNode } from 'react';
import { cx } from './class-names.ts';
import { Glyph, type GlyphName } from './glyph.tsx';
import { gapsOf, OBJECTIVE_HEIGHT_RATIO, stripHeightRatio } from './strip-scale.ts';
import { toneFill, type DataTone } from './tone.ts';

export type StripMark = { ratio: number; glyph: GlyphName; label: string };

export type ErrorStripProps = {
  /** One value per step from the start of the axis, as ratios; null is time nobody saw. */
  values: readonly (number | null)[];
  objectiveRatio: number;
  /** Width of one step as a ratio of the axis: 15 min of a day is 1/96. */
  stepRatio: number;
  /** Where now is; the last bar ends there. */
  nowRatio: number;
  /** Colour of a value: by default water up to the objective, warn up to ten times it, then crit. */
  toneOf?: ((valueRatio: number) => DataTone) | undefined;
  /** Value at the top of the strip, 1 by default. */
  topRatio?: number | undefined;
  /** The strip in one sentence, for those who do not see it. */
  summary: string;
  /** Beside the dotted line: "objective 0.05%". */
  objectiveLabel?: string | undefined;
  /** Past events, written above the bars. */
  flags?: readonly (StripMark & { content?: ReactNode })[] | undefined;
  /** Events still to come, as glyphs right of now. */
  due?: readonly StripMark[] | undefined;
  /** Names of what is due, at the right end. */
  dueCaption?: string | undefined;
  className?: string | undefined;
};

/** Share of a step that is bar; the rest is the space before the next one. */
const BAR_SHARE = 0.84;

function defaultTone(objectiveRatio: number): (valueRatio: number) => DataTone {
  return (valueRatio) => (valueRatio <= objectiveRatio ? 'water' : valueRatio <= objectiveRatio * 10 ? 'warn' : 'crit');
}

function Bars({ values, objectiveRatio, stepRatio, nowRatio, toneOf, topRatio }: ErrorStripProps) {
  const tone = toneOf ?? defaultTone(objectiveRatio);
  const objectiveY = (1 - OBJECTIVE_HEIGHT_RATIO) * 1000;
  return (
    <svg className="qd-strip-bars" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
      {values.map((value, index) => {
        const from = index * stepRatio;
        const width = Math.min(stepRatio * BAR_SHARE, nowRatio - from);
        if (value === null || width <= 0) return null;
        const height = stripHeightRatio(value, objectiveRatio, topRatio) * 1000;
        const valueTone = tone(value);
        return (
          <rect
            key={from}
            x={from * 1000}
            y={1000 - height}
            width={width * 1000}
            height={height}
            fill={toneFill[valueTone]}
            opacity={valueTone === 'water' ? 0.62 : undefined}
          />
        );
      })}
      <path
        d={`M0 ${objectiveY}H${nowRatio * 1000}`}
        stroke="var(--qd-ink-2)"
        strokeWidth="1"
        strokeDasharray="2 3"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

const onObjective = { bottom: `calc(${OBJECTIVE_HEIGHT_RATIO * 100}% - 7px)` };

/** Bars of one lane over a day. The objective has the same height in every lane; time without data is hatched. */
export function ErrorStrip(props: ErrorStripProps) {
  const { values, stepRatio, nowRatio, summary, objectiveLabel, flags = [], due = [], dueCaption, className } = props;
  const gaps = gapsOf(values, stepRatio).filter((gap) => gap.fromRatio < nowRatio);
  return (
    <div className={cx('qd-strip', className)}>
      <p className="sr-only">{summary}</p>
      {gaps.map((gap) => (
        <span
          key={gap.fromRatio}
          className="qd-strip-gap qd-zone-unknown"
          style={{
            left: `${gap.fromRatio * 100}%`,
            width: `${(Math.min(gap.toRatio, nowRatio) - gap.fromRatio) * 100}%`,
          }}
        />
      ))}
      <Bars {...props} />
      {objectiveLabel !== undefined && (
        <span
          className="qd-strip-text text-ink-3 phone:hidden"
          style={nowRatio < 0.85 ? { left: `calc(${nowRatio * 100}% + 12px)`, ...onObjective } : { left: 0, top: 0 }}
        >
          {objectiveLabel}
        </span>
      )}
      {flags.map((flag) => (
        <span
          key={`${flag.ratio} ${flag.label}`}
          className="qd-strip-text qd-strip-flag"
          style={{ left: `${flag.ratio * 100}%` }}
        >
          <Glyph name={flag.glyph} />
          {flag.content ?? flag.label}
        </span>
      ))}
      {due.map((mark) => (
        <span
          key={`${mark.ratio} ${mark.label}`}
          className="qd-strip-due"
          title={mark.label}
          style={{ left: `${mark.ratio * 100}%`, transform: `translateX(${mark.ratio > 0.99 ? '-100%' : '-50%'})` }}
        >
          <Glyph name={mark.glyph} size={11} />
        </span>
      ))}
      {dueCaption !== undefined && (
        <span className="qd-strip-text right-0 text-ink-2 phone:hidden" style={onObjective}>
          {dueCaption}
        </span>
      )}
    </div>
  );
}
