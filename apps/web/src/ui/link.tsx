/** Look of a link within text; give it to the router's Link as className. */
export const linkClass =
  'font-medium underline decoration-line-strong decoration-1 underline-offset-[3px] hover:decoration-ink';

/** Look of a link that is the title of its row: underlined only under the pointer. */
export const rowLinkClass = 'font-semibold underline-offset-[3px] hover:underline';
