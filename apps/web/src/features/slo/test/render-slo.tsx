import type { FieldError } from '@qd/shared/errors';
import type { Permission } from '@qd/shared/permissions';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import { TRPCClientError, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { Suspense, useEffect } from 'react';
import { createMemoryRouter, useRoutes } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import type { AppRouter, SessionUser, SessionView } from '../../../lib/api.ts';
import { installKeys } from '../../../lib/keys.ts';
import { SessionProvider } from '../../../lib/session.tsx';
import { createApiClient, TRPCProvider } from '../../../lib/trpc.ts';
import { ToastProvider } from '../../../ui/toast.tsx';
import { sloRoutes } from '../routes.tsx';

/** What the server says to a call: an answer, a refusal, or nothing at all. */
export type Reply = { data: unknown } | { code: string | null; message: string; fields?: FieldError[] } | 'silence';

/** Answers by procedure; called for every call, so that a test can change its mind. */
export type Server = (path: string, input: unknown) => Reply;

function linkTo(server: Server): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        const reply = server(op.path, op.input);
        if (reply === 'silence') return;
        if ('data' in reply) {
          observer.next({ result: { type: 'data', data: reply.data } });
          observer.complete();
          return;
        }
        const data = {
          domainCode: reply.code,
          fields: reply.fields ?? [],
          requestId: '7f3a91c2',
          retryAfterSeconds: null,
        };
        observer.error(TRPCClientError.from({ error: { message: reply.message, code: -32603, data } }));
      });
}

function Screens() {
  useEffect(() => installKeys(window), []);
  const screens = useRoutes([{ path: '/slos/*', element: <Feature /> }]);
  return <Suspense fallback="loading code">{screens}</Suspense>;
}

function Feature() {
  return useRoutes(sloRoutes);
}

function aUser(name: string, permissions: Permission[]): SessionUser {
  const may = { roles: [], grants: [{ platform: '*', permissions }] };
  return { id: 'usr_1', name, email: 'someone@example.test', ...may, assurance: 1, enrolBy: null, mustEnrol: false };
}

/** Somebody who may do all there is to do with objectives. */
export const keeper = aUser('Ines Okafor', ['slo:read', 'slo:write', 'slo:exclude', 'slo:override', 'platforms:read']);

/** Somebody who may look, and nothing else. */
export const reader = aUser('Mara Lund', ['slo:read']);

const session: Omit<SessionView, 'user'> = {
  setup: false,
  demo: false,
  demoAccounts: false,
  version: '0.1.0',
  embedded: true,
};

/** The feature at an address, with its real routes, cache and keys, over a server made for the test. */
export function renderSlo(address: string, server: Server, user: SessionUser = keeper) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  const api = createApiClient([linkTo(server)]);
  const router = createMemoryRouter([{ path: '*', element: <Screens /> }], { initialEntries: [address] });
  const view = render(
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={api} queryClient={queryClient}>
        <SessionProvider session={{ ...session, user }}>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </SessionProvider>
      </TRPCProvider>
    </QueryClientProvider>,
  );
  const navigate = (to: string) => act(() => router.navigate(to));
  return { ...view, queryClient, navigate, address: () => router.state.location };
}
