import { firstViewOf } from '../console/pages.ts';
import type { PagesMeasured } from './pages.ts';
import { view } from './views.ts';

const VIEWS = 200;

/** Views pages of every objective, past all buffers, and counts what Prometheus was asked meanwhile. */
export async function sourceQueriesPerView({
  history,
  postgres,
  embedded,
}: PagesMeasured): Promise<{ views: number; queries: number }> {
  const before = await history.prometheus.queriesAnswered();
  let views = 0;
  for (const { client, objectives } of postgres === null ? [embedded] : [postgres, embedded]) {
    for (let i = 0; i < VIEWS / 4; i++) {
      const pages = firstViewOf(objectives[i % objectives.length]?.id ?? '');
      await view(client, pages.detail);
      await view(client, pages.list);
      views += 2;
    }
  }
  return { views, queries: (await history.prometheus.queriesAnswered()) - before };
}
