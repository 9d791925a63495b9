import type { AdjustedRows, WantedRows } from '../exclusions/read-rows.ts';

/** A part of a page about one objective: the rows it wants, and what it makes of them once they are read. */
export interface PagePart<Made> {
  wanted: WantedRows;
  make(read: AdjustedRows): Made;
}
