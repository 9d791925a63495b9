import type { MetricsSource, MinuteCount } from '../../../adapters/metrics/port.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { ObjectiveRow } from '../queries/objectives.ts';
import { type AlertDeps, silentAlerts } from './alerts/deps.ts';
import { createPreviewDesk, type PreviewDesk } from './preview/desk.ts';
import { createSourcePool, type SourcePool, type SourceSpec } from './reading/source-pool.ts';
import type { SummaryMemory } from './refresh-summaries.ts';
import { createSummaryMemory } from './summary-memory.ts';

/** Epoch minutes `[fromMinute, toMinute)`. */
export interface MinuteSpan {
  fromMinute: number;
  toMinute: number;
}

/** Tells what a demo objective would have measured; null when there is no story for it. */
export type TellStory = (ctx: Ctx, row: ObjectiveRow, span: MinuteSpan) => Promise<MinuteCount[] | null>;

/** What the feature works with besides its context. One per process: it remembers between calls. */
export interface SloDeps {
  /** Opens a source; null for kinds that are not read. The caller closes it. */
  openSource(spec: SourceSpec): MetricsSource | null;
  sources: SourcePool;
  memory: SummaryMemory;
  tellStory: TellStory;
  /** Counts of the present that could not be stored yet, by SLI. */
  unsaved: Map<number, MinuteCount[]>;
  alerts: AlertDeps;
  previews: PreviewDesk;
  close(): Promise<void>;
}

/** Makes the deps. `openSource` gives null for kinds that are not read. */
export function createSloDeps(options: {
  openSource(spec: SourceSpec): MetricsSource | null;
  tellStory?: TellStory;
  /** Hears of every list row that was rewritten, e.g. to show budgets as metrics. */
  onSummarised?: SummaryMemory['onSummarised'];
  /** Where alerts go; nowhere without it. */
  alerts?: AlertDeps;
}): SloDeps {
  const sources = createSourcePool((spec) => options.openSource(spec));
  return {
    openSource: (spec) => options.openSource(spec),
    sources,
    memory: createSummaryMemory(options.onSummarised),
    tellStory: options.tellStory ?? (() => Promise.resolve(null)),
    unsaved: new Map(),
    alerts: options.alerts ?? silentAlerts,
    previews: createPreviewDesk(),
    close: () => sources.close(),
  };
}
