import type { MinuteCount } from '../port.ts';

/** When and how long a story is told. Minutes are epoch minutes. */
export interface DemoBinding {
  nowMinute: number;
  windowStartMinute: number;
  windowMinutes: number;
  targetPercent: string;
}

/** One story bound to a moment. Everything follows from the binding, so two processes tell the same. */
export interface DemoHistory {
  firstMinute: number;
  /** Counts for `[fromMinute, toMinute)`, also past the moment the story was bound to. */
  minutes(fromMinute: number, toMinute: number): MinuteCount[];
}

/** An incident of the demo, in minutes relative to now. */
export interface DemoIncident {
  platformId: string;
  severity: string;
  title: string;
  summary: string;
  fromMinute: number;
  minutes: number;
}

/** A deploy of the demo, in minutes relative to now. */
export interface DemoDeploy {
  platformId: string;
  service: string;
  version: string;
  summary: string;
  atMinute: number;
  settleMinutes: number;
}

/** Everything the demo tells. */
export interface DemoScript {
  /** The story of `platform/slug` bound to a moment; null when none is told. */
  bind(key: string, binding: DemoBinding): DemoHistory | null;
  incidents: readonly DemoIncident[];
  deploys: readonly DemoDeploy[];
}
