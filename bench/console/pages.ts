/** How the console's screens ask the server. */

/** Paths of a page's reads: one GET each, sent at once, as the screens do. */
export interface ConsolePages {
  status: string[];
  detail: string[];
  list: string[];
}

/** The reads of the pages about one objective, and of the list. From the second view on buffers answer them. */
export function consolePages(sloId: string, ending = ''): ConsolePages {
  const detail = hotRead('slo.page', { id: sloId }, ending);
  return {
    status: [hotRead('slo.get', { id: sloId }, ending)],
    detail: [detail],
    list: [hotRead('slo.list', {}, ending)],
  };
}

let views = 0;

/**
 * The same reads as nobody has asked before: blanks after the input, different each time, mean nothing to whoever reads
 * it and make a key no buffer knows. So every view is the first of its version, and all of it is computed.
 */
export function firstViewOf(sloId: string): ConsolePages {
  views += 1;
  return consolePages(sloId, views.toString(2).replaceAll('0', ' ').replaceAll('1', '\t'));
}

/** A read in a batch, which never meets a buffer: tRPC answers it, and looks the session up in the database too. */
export function batchedRead(sloId: string): string {
  const input = { 0: { id: sloId } };
  return `/trpc/slo.page?batch=1&input=${encodeURIComponent(JSON.stringify(input))}`;
}

function hotRead(procedure: string, input: object, ending: string): string {
  return `/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify(input) + ending)}`;
}
