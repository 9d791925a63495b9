import { createTRPCClient, httpBatchStreamLink, httpLink, splitLink, type TRPCLink } from '@trpc/client';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter } from './api.ts';
import { noteServerTime } from './clock.ts';
import { requestHeaders } from './presence.ts';
import { proofHeader, stepUpLink } from './step-up.ts';

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

const url = '/trpc';
const headers = (): Record<string, string> => requestHeaders(Date.now());

/** True for reads the server answers from a buffer with an ETag: each must be one GET of its own. */
export function isHotRead(path: string): boolean {
  return path.startsWith('slo.') || path === 'platforms.list' || path === 'changes.day';
}

/** Learns the server's clock from the Date header of answers that no cache can have kept. */
async function fetchWithClock(input: RequestInfo | URL | string, init?: RequestInit): Promise<Response> {
  const sentAt = Date.now();
  const response = await fetch(input, init);
  const date = Date.parse(response.headers.get('date') ?? '');
  if (!Number.isNaN(date)) noteServerTime(date, sentAt, Date.now());
  return response;
}

/**
 * The link chain of the product; tests hand `createApiClient` another. A streamed answer has sent its headers before the
 * work is done and could neither set nor clear a cookie, so changes travel alone.
 */
export function networkLinks(): TRPCLink<AppRouter>[] {
  const timed = {
    url,
    headers,
    fetch: (input: RequestInfo | URL | string, init?: object) => fetchWithClock(input, init),
  };
  return [
    stepUpLink(),
    splitLink({
      condition: (op) => op.type === 'query' && isHotRead(op.path),
      true: httpLink({ url, headers }),
      false: splitLink({
        condition: (op) => op.type === 'mutation',
        true: httpLink({ ...timed, headers: ({ op }) => ({ ...headers(), ...proofHeader(op) }) }),
        false: httpBatchStreamLink(timed),
      }),
    }),
  ];
}

export function createApiClient(links: TRPCLink<AppRouter>[] = networkLinks()) {
  return createTRPCClient<AppRouter>({ links });
}
