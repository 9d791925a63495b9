/** Placing of short texts beside points, so that they cover neither each other nor the line. Lengths are px. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface LabelWish {
  id: string;
  /** The point the label belongs to. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Side tried first. */
  prefer?: 'left' | 'right';
}

export interface PlacedLabel extends Box {
  id: string;
}

export interface LabelRoom {
  plot: Box;
  /** Boxes that are already taken: flags, the end label. */
  taken: readonly Box[];
  /** The drawn line in px, as runs without a hole. */
  lines: readonly (readonly { x: number; y: number }[])[];
  /** Where now is: covered only when there is no other place. */
  nowX: number;
}

const REACH = 9;
const LINE_COST = 3;
const NOW_COST = 12;

/** At most one place per wish, in the order given; a wish without room is left out and its point stays unnamed. */
export function placeLabels(wishes: readonly LabelWish[], room: LabelRoom): PlacedLabel[] {
  const taken: Box[] = [...room.taken];
  const placed: PlacedLabel[] = [];
  for (const wish of wishes) {
    const best = candidates(wish)
      .filter((box) => inside(box, room.plot) && !taken.some((other) => overlaps(box, other)))
      .map((box, rank) => ({ box, cost: rank + costOf(box, room) }))
      .toSorted((a, b) => a.cost - b.cost)[0];
    if (best === undefined) continue;
    taken.push(best.box);
    placed.push({ id: wish.id, ...best.box });
  }
  return placed;
}

function costOf(box: Box, room: LabelRoom): number {
  const overLine = room.lines.some((line) => crosses(line, box)) ? LINE_COST : 0;
  const overNow = box.x < room.nowX && room.nowX < box.x + box.width ? NOW_COST : 0;
  return overLine + overNow;
}

function candidates(wish: LabelWish): Box[] {
  const { x, y, width, height } = wish;
  const right = x + REACH;
  const left = x - REACH - width;
  const sides = wish.prefer === 'left' ? [left, right] : [right, left];
  const rows = [y - height / 2, y - height - 3, y + 3];
  const boxes: Box[] = [];
  for (const row of rows) boxes.push({ x: sides[0] ?? right, y: row, width, height });
  for (const shift of [0.15, 0.5, 0.85]) {
    boxes.push({ x: x - width * shift, y: y + REACH, width, height });
    boxes.push({ x: x - width * shift, y: y - height - REACH, width, height });
  }
  for (const row of rows) boxes.push({ x: sides[1] ?? left, y: row, width, height });
  return boxes;
}

function inside(box: Box, plot: Box): boolean {
  const fitsX = box.x >= plot.x && box.x + box.width <= plot.x + plot.width;
  return fitsX && box.y >= plot.y && box.y + box.height <= plot.y + plot.height;
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function crosses(line: readonly { x: number; y: number }[], box: Box): boolean {
  for (let i = 1; i < line.length; i += 1) {
    const [a, b] = [line[i - 1], line[i]];
    if (a !== undefined && b !== undefined && segmentMeets(a, b, box)) return true;
  }
  return false;
}

/** Clips the segment to the columns of the box and asks whether any of it lies in its rows. */
function segmentMeets(a: { x: number; y: number }, b: { x: number; y: number }, box: Box): boolean {
  const [from, to] = a.x <= b.x ? [a, b] : [b, a];
  if (to.x < box.x || from.x > box.x + box.width) return false;
  const slope = to.x === from.x ? 0 : (to.y - from.y) / (to.x - from.x);
  const at = (x: number) => from.y + slope * (x - from.x);
  const [y1, y2] =
    to.x === from.x ? [from.y, to.y] : [at(Math.max(from.x, box.x)), at(Math.min(to.x, box.x + box.width))];
  return Math.max(y1, y2) >= box.y && Math.min(y1, y2) <= box.y + box.height;
}

const narrow = /[iIljtfr.,:;'|!() ]/;
const broad = /[mwMW@%]/;

/** Width of a text at 11 px in the narrowed face, near enough to lay out by; measuring would force a reflow. */
export function textWidth(text: string, sizePx = 11): number {
  let ems = 0;
  for (const sign of text) ems += narrow.test(sign) ? 0.29 : broad.test(sign) ? 0.8 : 0.53;
  return ems * sizePx;
}
