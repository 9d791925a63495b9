import { placeFlags, type PlacedFlag } from './flags.ts';
import { placeLabels, textWidth, type Box, type LabelWish } from './labels.ts';
import { runsOf, type Pixel } from './runs.ts';
import { drawnPercent, type ChartPoint } from './series.ts';
import type { Plane } from './use-plane.ts';

/** An event to draw in a panel. `rank` orders who gets a text when room is short, lowest first. */
export interface PanelMark {
  id: string;
  kind: 'incident' | 'deploy' | 'alert';
  at: number;
  /** Its cost is paid by `at`: the diamond lies on the line after it, not before. */
  settled: boolean;
  text: string;
  /** What it is in full, for a link to it. */
  name: string;
  rank: number;
}

/** A remark bound to a place, such as where the ideal line is now. */
export interface PanelNote {
  id: string;
  at: number;
  percent: number;
  text: string;
  prefer: 'left' | 'right';
}

/** The words at the end of the line. */
export interface EndWords {
  lead: string;
  more: string | null;
  /** The second line where room is short. */
  brief: string | null;
}

export interface AnnotationInput {
  plane: Plane;
  points: readonly ChartPoint[];
  marks: readonly PanelMark[];
  notes: readonly PanelNote[];
  end: EndWords | null;
  nowAt: number;
  /** Boxes already drawn, such as the flag of now. */
  taken: readonly Box[];
  /** How many events of each kind may carry a text; the rest are ticks and plain diamonds. */
  most: { flags: number; incidents: number };
}

export interface PlacedText extends Box {
  id: string;
  text: string;
}

export interface PlacedEnd extends Box {
  lead: string;
  second: string | null;
}

export interface Annotations {
  flags: PlacedFlag[];
  /** Diamonds on the line. */
  diamonds: (Pixel & { id: string })[];
  /** Alerts along the foot. */
  alerts: (Pixel & { id: string })[];
  texts: PlacedText[];
  end: PlacedEnd | null;
}

const LINE = 14;
/** Height of an alert over the foot of the plot, clear of the bar of excluded time. */
const ALERT_LIFT = 12;

/** Where every flag, diamond and text of a panel goes; nothing covers anything else. */
export function layOut(input: AnnotationInput): Annotations {
  const { plane, points } = input;
  const lines = runsOf(points, plane);
  const end = endBox(input, lines);
  const deploys = input.marks.filter((mark) => mark.kind === 'deploy');
  const incidents = input.marks.filter((mark) => mark.kind === 'incident').toSorted((a, b) => a.rank - b.rank);
  const flags = placeFlags(
    deploys.map((mark) => ({ id: mark.id, x: plane.x(mark.at), text: mark.text })),
    plane.plot,
    input.taken,
    input.most.flags,
  );
  const diamonds = incidents.map((mark) => ({ id: mark.id, x: plane.x(mark.at), y: yAt(mark, points, plane) }));
  const wishes = [
    ...incidents.slice(0, input.most.incidents).flatMap((mark) => wishOf(mark, diamonds)),
    ...input.notes.map((note) => noteWish(note, plane)),
  ];
  const foot = plane.plot.y + plane.plot.height - ALERT_LIFT;
  const alerts = input.marks
    .filter((mark) => mark.kind === 'alert')
    .map((mark) => ({ id: mark.id, x: Math.max(plane.plot.x, plane.x(mark.at)), y: foot }));
  const dots = [...diamonds, ...alerts].map((dot) => ({ x: dot.x - 6, y: dot.y - 6, width: 12, height: 12 }));
  const taken = [...input.taken, ...flags.map((flag) => flag.box), ...dots, ...(end === null ? [] : [end])];
  const words = new Map<string, string>([...input.marks, ...input.notes].map((item) => [item.id, item.text]));
  const room = { plot: plane.plot, taken, lines, nowX: plane.x(input.nowAt) };
  const texts = placeLabels(wishes, room).map((box) => ({ ...box, text: words.get(box.id) ?? '' }));
  return { flags, diamonds, alerts, texts, end };
}

function wishOf(mark: PanelMark, diamonds: Annotations['diamonds']): LabelWish[] {
  const dot = diamonds.find((candidate) => candidate.id === mark.id);
  if (dot === undefined) return [];
  return [{ id: mark.id, x: dot.x, y: dot.y, width: textWidth(mark.text) + 6, height: LINE }];
}

function noteWish(note: PanelNote, plane: Plane): LabelWish {
  const { id, text, prefer } = note;
  return { id, x: plane.x(note.at), y: plane.y(note.percent), width: textWidth(text) + 6, height: LINE, prefer };
}

/** Height of the measured line at an event; under the top edge where nothing is measured around it. */
function yAt(mark: PanelMark, points: readonly ChartPoint[], plane: Plane): number {
  const known = points.filter((point) => drawnPercent(point) !== null);
  const after = known.find((point) => point.at >= mark.at);
  const before = known.findLast((point) => point.at <= mark.at);
  const chosen = mark.settled ? (after ?? before) : (before ?? after);
  const percent = chosen === undefined ? null : drawnPercent(chosen);
  return percent === null ? plane.plot.y + 24 : plane.y(percent);
}

/** To the right of the last point and above it, in fewer words when room is short; to the left when there is none. */
function endBox(input: AnnotationInput, lines: Pixel[][]): PlacedEnd | null {
  const last = lines.at(-1)?.at(-1);
  if (input.end === null || last === undefined) return null;
  const { plot } = input.plane;
  const { lead, brief, more } = input.end;
  const room = plot.x + plot.width - last.x - 10;
  const second = [more, brief].find((words) => widthOf(lead, words) <= room) ?? brief;
  const width = widthOf(lead, second);
  const height = second === null ? 18 : 34;
  const above = last.y - height - 12;
  const y = above < plot.y + 20 ? Math.max(last.y + 12, plot.y + 20) : above;
  const x = width <= room ? last.x + 10 : Math.max(plot.x, last.x - 10 - width);
  return { lead, second, x, y, width, height };
}

function widthOf(lead: string, second: string | null): number {
  return Math.max(textWidth(lead, 13), second === null ? 0 : textWidth(second)) + 8;
}
