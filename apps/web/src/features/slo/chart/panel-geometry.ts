/** Room around the plot of a panel, px. The overlay that reads points lies exactly over what is left. */
export interface PanelRoom {
  left: number;
  right: number;
  bottom: number;
}

/** Above the plot, so that a full budget and its dot are not cut off. */
export const TOP_ROOM = 8;
export const PERCENT_AXIS_WIDTH = 32;
export const BUDGET_AXIS_WIDTH = 52;
const TIME_AXIS_HEIGHT = 28;

/** The percent axis stands left of the window, the budget axis right of the last panel when there is room. */
export function panelRoom(kind: 'window' | 'lens', hasBudgetAxis: boolean, stacked: boolean): PanelRoom {
  return {
    left: kind === 'window' || stacked ? PERCENT_AXIS_WIDTH : 0,
    right: hasBudgetAxis ? BUDGET_AXIS_WIDTH : 1,
    bottom: TIME_AXIS_HEIGHT,
  };
}
