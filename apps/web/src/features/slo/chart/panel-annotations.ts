import { layOut, type Annotations } from './annotations.ts';
import { textWidth } from './labels.ts';
import { TOP_ROOM, type PanelRoom } from './panel-geometry.ts';
import type { PanelModel } from './panel-model.ts';
import type { BoxSize } from './use-box-size.ts';
import type { Plane } from './use-plane.ts';

export interface AnnotatedPanel {
  panel: PanelModel;
  asOf: number;
  narrow: boolean;
  /** Words of the flag of now, which stands at the top already. */
  nowText(at: number): string;
}

/** Where everything that happened stands in a panel. */
export function panelAnnotations({ panel, asOf, narrow, nowText }: AnnotatedPanel, plane: Plane): Annotations {
  const { plot } = plane;
  const nowAt = Math.min(asOf, panel.range.endAt);
  const nowX = plane.x(nowAt);
  const width = textWidth(nowText(asOf)) * 1.1 + 10;
  const flipped = nowX + width > plot.x + plot.width;
  const flag = { x: flipped ? nowX - width : nowX - 2, y: plot.y, width: width + 2, height: 18 };
  const { points, marks, end } = panel;
  const notes = narrow ? [] : panel.notes;
  return layOut({ plane, points, marks, notes, end, nowAt, taken: [flag], most: namedEvents(panel, narrow) });
}

/** At most six texts; on a narrow window the diamonds go without. */
function namedEvents(panel: PanelModel, narrow: boolean): { flags: number; incidents: number } {
  if (narrow) return panel.kind === 'window' ? { flags: 2, incidents: 0 } : { flags: 1, incidents: 2 };
  const incidents = Math.min(3, panel.marks.filter((mark) => mark.kind === 'incident').length);
  return { flags: 6 - incidents, incidents };
}

/** The pixels of a panel without its chart: the same that `usePlane` reads inside it. */
export function planeOf(panel: PanelModel, domain: readonly [number, number], size: BoxSize, room: PanelRoom): Plane {
  const plot = {
    x: room.left,
    y: TOP_ROOM,
    width: size.width - room.left - room.right,
    height: size.height - TOP_ROOM - room.bottom,
  };
  const { startAt, endAt } = panel.range;
  return {
    plot,
    x: (at) => plot.x + ((at - startAt) / (endAt - startAt)) * plot.width,
    y: (percent) => plot.y + ((domain[1] - percent) / (domain[1] - domain[0])) * plot.height,
  };
}
