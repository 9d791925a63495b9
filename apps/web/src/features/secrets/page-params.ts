/** What the address of the page holds: which rows, the one that is open, and the form. */
export const pageParams = ['show', 'row', 'edit'] as const;

/** Nothing beside the list. */
export const closedParams = { row: null, edit: null } as const;
