type Scale = { startMs: number; endMs: number; bottomRatio: number };

export type Segment = { line: string; fromX: number; toX: number };

const round = (value: number) => Math.round(value * 100) / 100;

/** Height of a value in a box of 1,000 units, 1 at the top and bottomRatio at the bottom. */
export function yOf(ratio: number, bottomRatio: number): number {
  return round(((1 - Math.min(1, ratio)) / (1 - bottomRatio)) * 1000);
}

/** Unbroken runs of known values as SVG lines in a box of 1,000 by 1,000; nulls end a run. */
export function segmentsOf(
  atMs: readonly number[],
  values: readonly (number | null)[],
  scale: Scale,
  fromMs = scale.startMs,
): Segment[] {
  const segments: Segment[] = [];
  let current: Segment | null = null;
  values.forEach((value, index) => {
    const at = atMs[index];
    if (value === null || at === undefined || at < fromMs || at > scale.endMs) {
      current = null;
      return;
    }
    const x = round(((at - scale.startMs) / (scale.endMs - scale.startMs)) * 1000);
    const point = `${x} ${yOf(value, scale.bottomRatio)}`;
    if (current === null) {
      current = { line: `M${point}`, fromX: x, toX: x };
      segments.push(current);
    } else {
      current.line += `L${point}`;
      current.toX = x;
    }
  });
  return segments;
}
