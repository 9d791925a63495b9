import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError } from '@qd/shared/errors';
import { MINUTE_MS } from '@qd/shared/time';
import { OIDC_CALLBACK_PATH, oidcProviderId, type OidcRefusal } from '@qd/shared/users';
import { Router, type Request, type Response } from 'express';
import { LRUCache } from 'lru-cache';
import { addressBlock } from '../../platform/client-address.ts';
import type { Ctx } from '../../platform/context.ts';
import { foreignSiteFault } from '../../platform/csrf.ts';
import type { HttpCall } from '../../platform/http-call.ts';
import { handler } from '../../platform/problem.ts';
import { beginSignIn } from './service/oidc/begin.ts';
import { OidcRefused } from './service/oidc/enter.ts';
import { finishOidc } from './service/oidc/finish.ts';
import type { OidcDeps } from './service/oidc/providers.ts';

/** Journeys one network may begin in a minute; each leaves a row behind for ten. */
const MAX_STARTS = 30;
const NETWORKS = 10_000;

/** What the routes work with. */
export interface OidcHttpDeps extends OidcDeps {
  context(req: IncomingMessage, res: ServerResponse): Promise<Ctx & { http: HttpCall }>;
}

/** `GET /auth/oidc/:id/start` and `GET /auth/oidc/callback`: signing in through an identity provider. Mount at the root. */
export function createOidcHttp(deps: OidcHttpDeps): Router {
  const router = Router();
  const isTooMany = startLimit();
  router.get(
    OIDC_CALLBACK_PATH,
    travelling(async (req, res) => {
      const ctx = await deps.context(req, res);
      return finishOidc(ctx, deps, queryOf(req));
    }),
  );
  router.get(
    '/auth/oidc/:id/start',
    travelling(async (req, res) => {
      // Signing somebody in is begun by the person, not by a page elsewhere.
      if (foreignSiteFault(req) !== null) return '/sign-in';
      const id = oidcProviderId.safeParse(req.params['id']);
      if (!id.success) throw new OidcRefused('failed');
      const ctx = await deps.context(req, res);
      if (isTooMany(ctx.http.address)) throw new OidcRefused('too_many');
      const input = { providerId: id.data, returnTo: queryOf(req).get('return') ?? undefined };
      return (await beginSignIn(ctx, deps, input, ctx.http)).url;
    }),
  );
  return router;
}

/** A step whose end is always another page: people see no raw error between two sites. */
function travelling(step: (req: Request, res: Response) => Promise<string>) {
  return handler(async (req, res) => {
    res.setHeader('Cache-Control', 'no-store');
    res.redirect(303, await step(req, res).catch((error: unknown) => refusalPage(error)));
  });
}

function refusalPage(error: unknown): string {
  const { refusal, page } = refusalOf(error);
  return `${page}?refused=${refusal}`;
}

/** What discovery names and the console may not call is a fault of the provider; so is one that was removed meanwhile. */
const refusals: Partial<Record<DomainError['code'], OidcRefusal>> = {
  invalid: 'failed',
  not_found: 'failed',
  upstream: 'unavailable',
};

function refusalOf(error: unknown): Pick<OidcRefused, 'refusal' | 'page'> {
  if (error instanceof OidcRefused) return error;
  const refusal = error instanceof DomainError ? refusals[error.code] : undefined;
  if (refusal === undefined) throw error;
  return { refusal, page: '/sign-in' };
}

function queryOf(req: Request): URLSearchParams {
  return new URL(req.originalUrl, 'http://localhost').searchParams;
}

function startLimit(): (address: string) => boolean {
  const starts = new LRUCache<string, { count: number }>({ max: NETWORKS, ttl: MINUTE_MS });
  return (address) => {
    const network = addressBlock(address);
    const known = starts.get(network) ?? { count: 0 };
    if (known.count === 0) starts.set(network, known);
    known.count += 1;
    return known.count > MAX_STARTS;
  };
}
