import { Router } from 'express';
import type { Actor, Ctx } from '../../platform/context.ts';
import { handler } from '../../platform/problem.ts';
import { briefHealth, detailedHealth, type HealthDeps } from './service.ts';

const DETAIL_TTL_MS = 10_000;

/** `/health`, `/health/live`, `/health/ready`, `/health/detailed`. The detailed answer needs `health:read` and is at most 10 s old. */
export function createHealthHttp(options: {
  deps: HealthDeps;
  ctx: () => Ctx;
  ready: () => boolean;
  requireReader(req: Parameters<Parameters<typeof handler>[0]>[0]): Promise<Actor>;
}): Router {
  const { deps, ctx, ready } = options;
  const router = Router();
  let detail: { at: number; body: Promise<Record<string, unknown>> } | null = null;

  router.get(
    '/health',
    handler(async (_req, res) => {
      const { httpStatus, body } = await briefHealth(deps, ctx().now());
      res.status(httpStatus).json(body);
    }),
  );
  router.get('/health/live', (_req, res) => {
    res.json({ status: 'healthy', timestamp: ctx().now().toISOString() });
  });
  router.get(
    '/health/ready',
    handler(async (_req, res) => {
      const { httpStatus, body } = await briefHealth(deps, ctx().now());
      const takesTraffic = ready() && httpStatus === 200;
      res.status(takesTraffic ? 200 : 503).json({ ready: takesTraffic, ...body });
    }),
  );
  router.get(
    '/health/detailed',
    handler(async (req, res) => {
      await options.requireReader(req);
      const now = ctx().now().getTime();
      if (detail === null || now - detail.at > DETAIL_TTL_MS) detail = { at: now, body: detailedHealth(deps, ctx()) };
      const current = detail;
      res.json({ ...(await current.body), age_s: Math.round((now - current.at) / 1_000) });
    }),
  );
  return router;
}
