import { type CauseKey, causeKey } from '@qd/shared/slo';
import type { Annotations } from './annotations.ts';
import type { ExcludedBand } from './excluded.ts';
import { overlaps, type Box } from './labels.ts';
import type { PanelModel } from './panel-model.ts';
import type { Plane } from './use-plane.ts';

/** A place of the plot that leads to a cause. */
export interface PlotTarget {
  cause: CauseKey;
  name: string;
  box: Box;
  /** Causes whose signs lie so near that they share this place; what it leads to names them. */
  others: number;
  /** Where its text stands, which leads there as well. */
  text: Box | null;
}

/** Least edge of a target, px (WCAG 2.2, 2.5.8). */
const LEAST = 24;

interface Sign {
  cause: CauseKey;
  name: string;
  box: Box;
  text: Box | null;
  rank: number;
}

/** The targets of a panel from left to right. None covers another: the sign of lower rank joins the one already there. */
export function plotTargets(panel: PanelModel, placed: Annotations, plane: Plane): PlotTarget[] {
  const targets: PlotTarget[] = [];
  for (const { cause, name, box, text } of signsOf(panel, placed, plane).toSorted((a, b) => a.rank - b.rank)) {
    const host = targets.find((target) => overlaps(target.box, box));
    if (host === undefined) targets.push({ cause, name, box, text, others: 0 });
    else if (host.cause !== cause) host.others += 1;
  }
  return targets.toSorted((a, b) => a.box.x - b.box.x);
}

function signsOf(panel: PanelModel, placed: Annotations, plane: Plane): Sign[] {
  const { plot } = plane;
  const textOf = new Map(placed.texts.map((text) => [text.id, text]));
  const places = new Map<string, { box: Box; text: Box | null }>();
  for (const { id, x, y } of placed.diamonds) places.set(id, { box: around(x, y), text: textOf.get(id) ?? null });
  for (const { id, x, y } of placed.alerts) places.set(id, { box: around(x, y), text: null });
  for (const { id, x, text, side, box } of placed.flags) {
    const sign =
      text === null ? around(x, plot.y + plot.height - 8) : around(side === 'right' ? x + 4 : x - 4, box.y + 8);
    places.set(id, { box: sign, text: text === null ? null : box });
  }
  const signs = panel.marks.flatMap((mark): Sign[] => {
    const place = places.get(mark.id);
    return place === undefined ? [] : [{ cause: causeKey(mark), name: mark.name, rank: mark.rank, ...place }];
  });
  return [...signs, ...panel.bands.map((band) => bandSign(band, plane))];
}

/** An exclusion is met at its foot, where its bar is; after everything that has a sign of its own. */
function bandSign(band: ExcludedBand, plane: Plane): Sign {
  const { plot } = plane;
  const middle = (plane.x(band.startAt) + plane.x(band.endAt)) / 2;
  const cause = causeKey({ kind: 'exclusion', id: band.id });
  const box = around(middle, plot.y + plot.height - LEAST / 2);
  return { cause, name: `Excluded, ${band.text}`, box, text: null, rank: Number.MAX_SAFE_INTEGER };
}

function around(x: number, y: number): Box {
  return { x: x - LEAST / 2, y: y - LEAST / 2, width: LEAST, height: LEAST };
}
