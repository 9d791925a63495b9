/** What of the page is in its address: the objective, which rows, the row that is open, and what the form is about. */
export const pageParams = ['slo', 'show', 'row', 'edit', 'from', 'to', 'reason'] as const;

/** Nothing is open. */
export const closedParams = { row: null, edit: null, from: null, to: null, reason: null };
