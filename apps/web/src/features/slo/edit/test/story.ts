import { type SloDefinition, sloDefinition, type SloPreview, type SourceChoiceView } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import type { Reply, Server } from '../../test/render-slo.tsx';
import { aDetail, NOW } from '../../test/story.ts';

export const prometheus: SourceChoiceView = {
  id: 'src_1',
  platformId: 'shop',
  platformName: 'Corner Shop',
  kind: 'prometheus',
  name: 'Prometheus',
  url: 'http://prometheus:9090',
  hasHistory: true,
  kinds: ['counters', 'latency', 'gauge', 'slices', 'percentile'],
  serverVersion: '3.5.0',
  isDown: false,
};

export const push: SourceChoiceView = {
  ...prometheus,
  id: 'src_2',
  kind: 'push',
  name: 'Push',
  url: null,
  hasHistory: false,
  kinds: ['push'],
  serverVersion: null,
};

/** An objective of the shop as it is stored; `over` changes what a test is about. */
export function aDefinition(over: Partial<SloDefinition> = {}): SloDefinition {
  const plain = sloDefinition.parse({
    platform: 'shop',
    slug: 'orders',
    name: 'Orders',
    sourceId: 'src_1',
    indicator: { kind: 'counters', total: 'orders_total', bad: 'orders_total{status=~"5.."}' },
    targetPercent: '99.9',
    windows: [{ kind: 'rolling', windowMs: 30 * DAY_MS }],
  });
  return { ...plain, ...over };
}

/** What a source would have shown over two hours; `over` changes what a test is about. */
export function aPreview(over: Partial<SloPreview> = {}): SloPreview {
  return {
    asOf: NOW,
    at: [NOW - HOUR_MS, NOW],
    leftRatio: [0.7, 0.641],
    badRatio: [0, 0.02],
    totalEvents: [1_000, 2_000],
    budget: {
      ...aDetail().budget,
      window: { view: 'rolling', startAt: NOW - 30 * DAY_MS, endAt: NOW, windowMs: 30 * DAY_MS },
      leftRatio: 0.641,
    },
    others: [],
    burnRows: [],
    firings: [],
    remarks: [],
    serverVersion: '3.5.0',
    queriedMs: 250,
    ...over,
  };
}

/** A server that knows the shop and its sources, and notes every change it is asked for. */
export function shopServer(answers: Record<string, Reply | ((input: unknown) => Reply)>) {
  const calls: { path: string; input: unknown }[] = [];
  const usual: Record<string, Reply> = {
    'slo.definitions.sources': { data: [prometheus, push] },
    'platforms.list': { data: [{ id: 'shop', name: 'Corner Shop', isDemo: false, sloCount: 1 }] },
    'slo.list': { data: { rows: [], asOf: NOW } },
    'slo.definitions.preview': { data: aPreview() },
  };
  const server: Server = (path, input) => {
    calls.push({ path, input });
    const reply = answers[path] ?? usual[path] ?? { code: 'not_found', message: `No answer for ${path}.` };
    return typeof reply === 'function' ? reply(input) : reply;
  };
  return { server, inputsOf: (path: string) => calls.filter((call) => call.path === path).map(({ input }) => input) };
}
