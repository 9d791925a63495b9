import { DomainError } from '@qd/shared/errors';
import { pageInput } from '@qd/shared/paging';
import { platformId } from '@qd/shared/platforms';
import { alertListInput, exclusionListInput, sloId } from '@qd/shared/slo';
import { type Request, Router } from 'express';
import { z } from 'zod';
import { machineCall, type MachineDoor } from '../../platform/machine-calls.ts';
import type { SloDeps } from './service/deps.ts';
import { getSlo } from './service/detail.ts';
import { alertEventsFile, exclusionsFile } from './service/downloads.ts';
import { gateOf } from './service/gate.ts';
import { hourlyHistory } from './service/history.ts';
import { pageOfSlos } from './service/list.ts';
import { pushPoints } from './service/push.ts';
import { statusOf } from './service/status.ts';
import { historyTable, sloTable } from './service/tables.ts';

/** Query of the list; numbers arrive as text. */
const listQuery = z.strictObject({
  platform: platformId.optional(),
  cursor: pageInput.shape.cursor,
  limit: z.preprocess((text) => (text === undefined ? undefined : Number(text)), pageInput.shape.limit),
  format: z.enum(['json', 'csv'], { error: 'is json or csv' }).optional(),
});
const historyQuery = listQuery.pick({ format: true });
const gateQuery = z.strictObject({ unknown: z.literal('allow', { error: 'is allow, or left out' }).optional() });

/** The objective an address names. Throws `not_found` for what is no id at all. */
function idOf(req: Request): string {
  const id = sloId.safeParse(req.params['id']);
  if (!id.success) throw new DomainError('not_found', 'There is no such objective; check the address.');
  return id.data;
}

/** True if the answer is wanted as a table: by the query, else by what the caller accepts. */
function wantsCsv(req: Request, format: 'json' | 'csv' | undefined): boolean {
  return format === undefined ? req.accepts(['json', 'csv']) === 'csv' : format === 'csv';
}

/** A table has no place for the marker of the next page: it stands in a header (RFC 8288). */
function nextLink(req: Request, cursor: string | null): Record<string, string> {
  if (cursor === null) return {};
  const { pathname, searchParams } = new URL(req.originalUrl, 'http://localhost');
  searchParams.set('cursor', cursor);
  return { Link: `<${pathname}?${searchParams.toString()}>; rel="next"` };
}

const shown = z.enum(['standing', 'all'], { error: 'is standing or all' }).default('standing');
const exclusionsQuery = exclusionListInput.pick({ platform: true, slo: true }).extend({ show: shown }).strict();

/** `GET /slos/exclusions/export` and `/slos/alerts/export`: the whole tables as files. Mount at the root. */
export function createSloDownloads(door: MachineDoor): Router {
  const router = Router();
  router.get(
    '/slos/exclusions/export',
    machineCall(door, {
      action: 'slo.exclusions_export',
      permission: 'slo:read',
      run: async (ctx, req) => {
        const { show, ...of } = exclusionsQuery.parse(req.query);
        return { file: await exclusionsFile(ctx, { ...of, withdrawn: show === 'all' }) };
      },
    }),
  );
  router.get(
    '/slos/alerts/export',
    machineCall(door, {
      action: 'slo.alerts_export',
      permission: 'slo:read',
      run: async (ctx, req) => ({ file: await alertEventsFile(ctx, alertListInput.parse(req.query)) }),
    }),
  );
  return router;
}

/** Counts pushed by machines, and objectives as machines read them. Mount under `/api`. */
export function createSloHttp(door: MachineDoor, deps: SloDeps): Router {
  const router = Router();
  addReading(router, door);
  addDeciding(router, door);
  router.post(
    '/v1/sli',
    machineCall(door, {
      action: 'slo.points_pushed',
      permission: 'sli:write',
      // Room for 10,000 points with times written out.
      maxBody: '2mb',
      run: async (ctx, req) => ({ body: await pushPoints(ctx, deps.memory, req.body) }),
    }),
  );
  return router;
}

/** `GET /v1/slos`, `/v1/slos/{id}` and `/v1/slos/{id}/history`. */
function addReading(router: Router, door: MachineDoor): void {
  router.get(
    '/v1/slos',
    machineCall(door, {
      action: 'slo.list',
      permission: 'slo:read',
      run: async (ctx, req) => {
        const { platform, format, ...page } = listQuery.parse(req.query);
        const found = await pageOfSlos(ctx, platform === undefined ? {} : { platform }, page);
        if (!wantsCsv(req, format)) return { body: found };
        return { type: 'text/csv', body: sloTable(found.slos), headers: nextLink(req, found.nextCursor) };
      },
    }),
  );
  router.get(
    '/v1/slos/:id',
    machineCall(door, {
      action: 'slo.get',
      permission: 'slo:read',
      run: async (ctx, req) => ({ body: await getSlo(ctx, idOf(req)) }),
    }),
  );
  router.get(
    '/v1/slos/:id/history',
    machineCall(door, {
      action: 'slo.history',
      permission: 'slo:read',
      run: async (ctx, req) => {
        const { format } = historyQuery.parse(req.query);
        const hours = await hourlyHistory(ctx, idOf(req));
        return wantsCsv(req, format) ? { type: 'text/csv', body: historyTable(hours) } : { body: { hours } };
      },
    }),
  );
}

/** `GET /v1/slos/{id}/gate` and `GET /slo/status`. */
function addDeciding(router: Router, door: MachineDoor): void {
  router.get(
    '/v1/slos/:id/gate',
    machineCall(door, {
      action: 'slo.gate',
      permission: 'slo:read',
      run: async (ctx, req) => {
        const { unknown } = gateQuery.parse(req.query);
        return { body: await gateOf(ctx, idOf(req), { unknownPasses: unknown === 'allow' }) };
      },
    }),
  );
  router.get(
    '/slo/status',
    machineCall(door, {
      action: 'slo.status',
      permission: 'slo:read',
      run: async (ctx) => ({ body: await statusOf(ctx) }),
    }),
  );
}
