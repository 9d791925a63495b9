import type { Mark, PlatformLane, SloSummary } from '@qd/shared/slo';
import { Link } from 'react-router';
import { formatClock, formatDuration, formatLevel, formatShare } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { sloLook } from '../../lib/slo-words.ts';
import { useTo } from '../../lib/url-state.ts';
import type { Zone } from '../../lib/zone.ts';
import { Glyph, type GlyphName } from '../../ui/glyph.tsx';
import { ErrorStrip } from '../../ui/strip.tsx';
import { toneText, type Tone } from '../../ui/tone.ts';
import { LaneFacts } from './lane-facts.tsx';
import type { PlatformVerdict } from './verdict.ts';

export interface LaneProps {
  lane: PlatformLane;
  verdict: PlatformVerdict;
  now: number;
  zone: Zone;
  /** Nothing newer can be seen: everything is grey and says when it was true. */
  heldAt: string | null;
  /** The day that is drawn, epoch ms. */
  day: { startAt: number; endAt: number };
  /** The objective with the least budget; the strip may draw another. */
  leanest: SloSummary | null;
}

const glyphs: Record<Tone, GlyphName> = {
  ok: 'ok',
  warn: 'warn',
  crit: 'crit',
  info: 'half',
  stale: 'unknown',
  none: 'dash',
};

interface LaneWords {
  tone: Tone;
  text: string;
}

const graveTones: Readonly<Record<string, Tone>> = { P0: 'crit', P1: 'crit' };

function incidentWords(incident: Mark, now: number | null): LaneWords {
  const name = incident.severity === null ? 'Incident' : `${incident.severity} incident`;
  const length = now === null ? '' : `, ${formatDuration(now - incident.at, { parts: 1 })}`;
  return { tone: graveTones[incident.severity ?? ''] ?? 'warn', text: `${name}${length}` };
}

function unseenWords({ unseen, sloCount }: PlatformVerdict): LaneWords {
  const [only] = unseen;
  if (unseen.length === sloCount || only === undefined) return { tone: 'stale', text: 'No data' };
  const what = unseen.length === 1 ? only.name : `${unseen.length} of ${sloCount}`;
  return { tone: 'stale', text: `No data: ${what}` };
}

function verdictWords(verdict: PlatformVerdict, sloCount: number): LaneWords {
  const { kind, slo } = verdict;
  if (slo === null) {
    const none = sloCount === 0 ? 'No objectives yet' : `${sloCount} objectives, no figures yet`;
    return { tone: sloCount === 0 ? 'none' : 'stale', text: none };
  }
  if (kind === 'failing') return { tone: 'crit', text: 'Failing now' };
  if (kind === 'unseen') return unseenWords(verdict);
  const look = sloLook(slo);
  return { tone: look.tone, text: look.word };
}

/** The state of a platform in words: a grave incident counts before any budget, a small one after the bad ones. */
export function laneWords({
  lane,
  verdict,
  now,
  heldAt,
}: Pick<LaneProps, 'lane' | 'verdict' | 'now' | 'heldAt'>): LaneWords {
  const { incident } = verdict;
  const speaks =
    incident !== null && (verdict.kind === 'minor_incident' || graveTones[incident.severity ?? ''] === 'crit');
  const base = speaks ? incidentWords(incident, heldAt === null ? now : null) : verdictWords(verdict, lane.sloCount);
  return heldAt === null ? base : { tone: 'stale', text: `${base.text} at ${heldAt}` };
}

/** Marks close together would write over each other: the newest of a crowd keeps its words. */
function flagsOf(lane: PlatformLane, ratioOf: (at: number) => number, nowRatio: number) {
  const spaced: { ratio: number; glyph: GlyphName; label: string }[] = [];
  for (const mark of lane.marks.toSorted((a, b) => b.at - a.at)) {
    const ratio = ratioOf(mark.at);
    // What is open says so in words above, and its label would lie across the line of now.
    const isCrossing = mark.open && nowRatio - ratio < 0.06;
    if (ratio < 0 || ratio > 0.93 || isCrossing || spaced.some((flag) => Math.abs(flag.ratio - ratio) < 0.09)) continue;
    spaced.push({
      ratio,
      glyph: mark.kind === 'deploy' ? 'flag' : 'incident',
      label: mark.severity ?? mark.label.replace(/^Deploy /, ''),
    });
  }
  return spaced.toReversed();
}

/** Whole steps that have passed without an answer are unknown, not absent. */
function paddedTo(now: number, { badRatio, dayStartAt, stepMs }: PlatformLane): (number | null)[] {
  const passed = Math.floor((now - dayStartAt) / stepMs);
  const missing = Math.max(0, passed - badRatio.length);
  return [...badRatio, ...Array.from({ length: missing }, () => null)];
}

function stripSummary(lane: PlatformLane, zone: Zone): string {
  const name = lane.slo?.name ?? 'no objective';
  const seen = lane.badRatio.filter((ratio) => ratio !== null);
  if (seen.length === 0) return `${lane.platformName}, ${name}: nothing measured today.`;
  const worst = Math.max(...seen);
  const at = formatClock(lane.dayStartAt + lane.badRatio.indexOf(worst) * lane.stepMs, zone);
  const missing = lane.badRatio.length - seen.length;
  const gaps = missing === 0 ? '' : ` ${missing} of ${lane.badRatio.length} steps were not measured.`;
  return `${lane.platformName}, ${name}: worst error ratio today ${formatShare(worst)} at ${at}.${gaps}`;
}

/** One platform: its state in words, four facts, and today as a strip of error ratios. */
export function Lane(props: LaneProps) {
  const { lane, now, zone, heldAt, day, leanest } = props;
  const to = useTo();
  const words = laneWords(props);
  const spanMs = day.endAt - day.startAt;
  const ratioOf = (at: number) => (at - day.startAt) / spanMs;
  const nowRatio = Math.min(1, ratioOf(now));
  const { objectiveRatio, slo } = lane;
  const lead = leanest ?? slo;
  const target = lead === null ? paths.slos : paths.slo(lead.id);
  return (
    <section
      aria-label={`${lane.platformName}: ${words.text}`}
      className="border-b border-line-strong pt-3.5 last:border-b-0"
    >
      <div className="relative z-[4] grid grid-cols-[minmax(190px,1.25fr)_repeat(4,minmax(0,1fr))] gap-[18px] phone:grid-cols-2 phone:gap-x-4 phone:gap-y-2.5 phone:bg-canvas">
        <div className="phone:col-span-2 phone:flex phone:items-baseline phone:justify-between phone:gap-3">
          <Link
            to={to(target, lead === null ? { platform: lane.platformId } : {})}
            className="inline-flex items-center gap-[9px] bg-canvas pr-2 hover:underline"
          >
            <Glyph name={glyphs[words.tone]} size={16} />
            <span className="text-[19px] leading-6 font-semibold tracking-[-0.015em]">{lane.platformName}</span>
          </Link>
          <p className={`pl-[25px] font-medium phone:pl-0 phone:text-right ${toneText[words.tone]}`}>
            <span className="bg-canvas pr-2 phone:pr-0">{words.text}</span>
          </p>
        </div>
        <LaneFacts slo={lead} now={now} zone={zone} heldAt={heldAt} />
      </div>
      {objectiveRatio === null ? (
        <div className="h-4" />
      ) : (
        <ErrorStrip
          className="mt-2.5"
          values={paddedTo(now, lane)}
          objectiveRatio={objectiveRatio}
          stepRatio={lane.stepMs / spanMs}
          nowRatio={nowRatio}
          summary={stripSummary(lane, zone)}
          objectiveLabel={`${slo?.name ?? 'objective'}, at most ${formatLevel(objectiveRatio * 100)}`}
          flags={flagsOf(lane, ratioOf, nowRatio).map((flag) => ({
            ...flag,
            content: <span className="phone:sr-only">{flag.label}</span>,
          }))}
        />
      )}
    </section>
  );
}
