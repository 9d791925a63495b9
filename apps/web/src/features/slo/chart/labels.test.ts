import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeFlags } from './flags.ts';
import { overlaps, placeLabels, textWidth, type LabelRoom } from './labels.ts';

const plot = { x: 40, y: 8, width: 600, height: 300 };
const room = (over: Partial<LabelRoom> = {}): LabelRoom => ({ plot, taken: [], lines: [], nowX: 600, ...over });
const wish = (x: number, y: number, over = {}) => ({ id: `${x}-${y}`, x, y, width: 100, height: 14, ...over });

describe('labels beside points', () => {
  it('stand to the right on free ground', () => {
    expect(placeLabels([wish(100, 100)], room())[0]).toMatchObject({ x: 109, y: 93 });
  });

  it('go to the other side at the edge, and on request', () => {
    expect(placeLabels([wish(620, 100)], room())[0]?.x).toBeLessThan(620);
    expect(placeLabels([wish(300, 100, { prefer: 'left' })], room())[0]).toMatchObject({ x: 191 });
  });

  it('keep off the line when there is another place', () => {
    const line = [
      { x: 40, y: 100 },
      { x: 640, y: 100 },
    ];
    const [label] = placeLabels([wish(300, 100)], room({ lines: [line] }));
    expect(label === undefined || label.y + label.height < 100 || label.y > 100).toBe(true);
  });

  it('keep off the line of now', () => {
    const [label] = placeLabels([wish(520, 100)], room({ nowX: 560 }));
    expect((label?.x ?? 0) + (label?.width ?? 0) <= 560 || (label?.x ?? 0) >= 560).toBe(true);
  });

  it('never overlap, and never leave the plot', () => {
    const point = fc.record({
      x: fc.integer({ min: 40, max: 640 }),
      y: fc.integer({ min: 8, max: 308 }),
      w: fc.integer({ min: 20, max: 180 }),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        const wishes = points.map((p, i) => ({ id: String(i), x: p.x, y: p.y, width: p.w, height: 14 }));
        const taken = [{ x: 300, y: 8, width: 60, height: 20 }];
        const placed = placeLabels(wishes, room({ taken }));
        for (const [i, a] of placed.entries()) {
          expect(
            a.x >= plot.x &&
              a.x + a.width <= plot.x + plot.width &&
              a.y >= plot.y &&
              a.y + a.height <= plot.y + plot.height,
          ).toBe(true);
          for (const b of [...taken, ...placed.slice(i + 1)]) expect(overlaps(a, b)).toBe(false);
        }
      }),
    );
  });

  it('take wider room for longer texts', () => {
    expect(textWidth('P2 cold start, −1.20 min')).toBeGreaterThan(textWidth('P2 cold start'));
    expect(textWidth('WWW')).toBeGreaterThan(textWidth('iii'));
  });
});

describe('flags along the top', () => {
  const flag = (x: number, text = 'v1.9.0') => ({ id: String(x), x, text });

  it('name the newest when they are too close', () => {
    const placed = placeFlags([flag(300), flag(310), flag(320)], plot, [], 6);
    expect(placed.filter((one) => one.text !== null).map((one) => one.x)).toEqual([320, 310]);
    expect(placed.find((one) => one.x === 310)?.side).toBe('left');
  });

  it('leave out the flag of now, and turn at the right edge', () => {
    const now = { x: 500, y: 8, width: 60, height: 18 };
    expect(placeFlags([flag(490)], plot, [now], 6)[0]?.side).toBe('left');
    expect(placeFlags([flag(636)], plot, [], 6)[0]?.side).toBe('left');
  });

  it('are ticks beyond the number that may carry a name', () => {
    const placed = placeFlags([flag(100), flag(250), flag(400)], plot, [], 2);
    expect(placed.map((one) => one.text)).toEqual(['v1.9.0', 'v1.9.0', null]);
    expect(placed.at(-1)?.x).toBe(100);
  });
});
