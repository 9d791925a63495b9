import type { Reading } from '../chart/reading.ts';

/** One line above the plot: the point under the crosshair, or how to read one. */
export function ReadingLine({ reading, mayChoose }: { reading: Reading | null; mayChoose: boolean }) {
  if (reading === null) {
    return (
      <span className="text-ink-3">
        Point at the plot, or focus it and use the arrow keys, to read single values.
        {mayChoose && <span className="phone:hidden"> Drag, or press Enter twice, to choose a stretch.</span>}
      </span>
    );
  }
  return (
    <span className="inline-flex flex-wrap gap-x-3.5">
      <span>{reading.when}</span>
      <b>{reading.left}</b>
      {reading.ideal !== null && <span>{reading.ideal}</span>}
      {reading.forecast !== null && <span>{reading.forecast}</span>}
      {reading.traffic !== null && <span>{reading.traffic}</span>}
      {reading.excluded !== null && <span className="text-info">{reading.excluded}</span>}
    </span>
  );
}
