import type { LintRemark } from './lint/types.ts';
import type { Budget, BurnRow, SourceKind } from './types.ts';

/** A place an objective can be measured from. */
export interface SourceChoiceView {
  id: string;
  platformId: string;
  platformName: string;
  kind: SourceKind;
  name: string;
  url: string | null;
  /** True if it knows the past, so that a preview and a backfill are possible. */
  hasHistory: boolean;
  /** Kinds of indicator that can be measured there. */
  kinds: string[];
  serverVersion: string | null;
  isDown: boolean;
}

/** What a definition would have shown over the days before now, had it existed. Nothing is stored. */
export interface SloPreview {
  asOf: number;
  /** Instants (epoch ms), ends of hours; the three series run along them. */
  at: number[];
  leftRatio: (number | null)[];
  badRatio: (number | null)[];
  totalEvents: (number | null)[];
  budget: Budget;
  others: Budget[];
  burnRows: BurnRow[];
  /** How often each row would have fired in those days. */
  firings: number[];
  remarks: LintRemark[];
  serverVersion: string | null;
  queriedMs: number;
}
