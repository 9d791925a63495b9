import { createPrometheusSource } from './adapters/metrics/prometheus/prometheus.ts';
import { createScrapeSource } from './adapters/metrics/scrape/scrape.ts';
import { createSelfSource } from './adapters/metrics/scrape/self.ts';
import type { Container } from './container.ts';
import { demoState, storyOf, type DemoDeps } from './features/settings/demo.ts';
import { createSloDeps, type SloDeps, type TellStory } from './features/slo/service/deps.ts';

/** Chooses how each kind of source is read, and what the demo's objectives would have measured. */
export function openSlo(container: Container, demo: Pick<DemoDeps, 'script'>): SloDeps {
  const clock = (): number => container.now().getTime();
  return createSloDeps({
    openSource({ kind, url, intervalMs }) {
      switch (kind) {
        case 'prometheus':
          return url === null ? null : createPrometheusSource({ url, intervalMs });
        case 'scrape':
          return url === null ? null : createScrapeSource({ url, intervalMs, clock });
        case 'self':
          return createSelfSource({ text: () => container.telemetry.registry.metrics(), clock });
        case 'push':
        case 'demo':
          return null;
      }
    },
    tellStory: demoTeller(demo),
    alerts: {
      channels: container.notify.alertChannels,
      notifiers: container.notify.notifiers,
      publicUrl: container.config.PUBLIC_URL?.replace(/\/$/, '') ?? null,
      watchedSince: container.startedAt.getTime(),
      onCounted(counts) {
        for (const [state, count] of Object.entries(counts)) container.telemetry.sloAlerts.set({ state }, count);
      },
    },
    onSummarised(summaries) {
      for (const { id, platformId, budget } of summaries) {
        if (budget.leftRatio !== null)
          container.telemetry.budgetLeft.set({ slo: id, platform: platformId }, budget.leftRatio);
      }
    },
  });
}

/** Binding a story takes tens of milliseconds, so it is kept until the demo is told anew. */
function demoTeller(demo: Pick<DemoDeps, 'script'>): TellStory {
  const bound = new Map<string, { nowMinute: number; history: ReturnType<typeof storyOf> }>();
  return async (ctx, row, { fromMinute, toMinute }) => {
    const { state, nowMinute } = await demoState(ctx);
    if (state !== 'loaded') return null;
    let known = bound.get(row.id);
    if (known?.nowMinute !== nowMinute) {
      known = { nowMinute, history: storyOf(demo, row, nowMinute) };
      bound.set(row.id, known);
    }
    return known.history?.minutes(fromMinute, toMinute) ?? null;
  };
}
