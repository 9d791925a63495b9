import { overlaps, textWidth, type Box } from './labels.ts';

export interface FlagWish {
  id: string;
  x: number;
  text: string;
}

export interface PlacedFlag {
  id: string;
  x: number;
  /** The text, or null where there is no room: then only a tick is drawn. */
  text: string | null;
  side: 'left' | 'right';
  box: Box;
}

const GLYPH = 14;
const ROW = 16;

/** Deploy flags along the top edge, newest first when room is short. `most` is how many may carry text. */
export function placeFlags(wishes: readonly FlagWish[], plot: Box, taken: readonly Box[], most: number): PlacedFlag[] {
  const used: Box[] = [...taken];
  let named = 0;
  return [...wishes]
    .toSorted((a, b) => b.x - a.x)
    .map((wish) => {
      const width = textWidth(wish.text) + GLYPH + 4;
      const right: Box = { x: wish.x, y: plot.y + 4, width, height: ROW };
      const left: Box = { ...right, x: wish.x - width };
      const fits = (box: Box) =>
        box.x >= plot.x && box.x + box.width <= plot.x + plot.width && !used.some((other) => overlaps(box, other));
      const box = fits(right) ? right : fits(left) ? left : null;
      if (box === null || named >= most)
        return { id: wish.id, x: wish.x, text: null, side: 'right', box: { ...right, width: 2 } };
      named += 1;
      used.push(box);
      return { id: wish.id, x: wish.x, text: wish.text, side: box === right ? 'right' : 'left', box };
    });
}
