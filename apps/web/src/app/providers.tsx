import { QueryClientProvider } from '@tanstack/react-query';
import type { TRPCLink } from '@trpc/client';
import { useState, type ReactNode } from 'react';
import type { AppRouter } from '../lib/api.ts';
import { createQueryClient } from '../lib/query-client.ts';
import { createApiClient, TRPCProvider } from '../lib/trpc.ts';
import { ToastProvider } from '../ui/toast.tsx';
import { sessionKey } from './session-cache.ts';

function createClients(links: TRPCLink<AppRouter>[] | undefined) {
  const queryClient = createQueryClient(() => void queryClient.invalidateQueries({ queryKey: sessionKey }));
  return { queryClient, api: createApiClient(links) };
}

export interface ProvidersProps {
  /** Replaces the network, for tests. */
  links?: TRPCLink<AppRouter>[] | undefined;
  children: ReactNode;
}

/** Everything screens stand on: cache, calls and toasts. */
export function Providers({ links, children }: ProvidersProps) {
  const [{ queryClient, api }] = useState(() => createClients(links));
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={api} queryClient={queryClient}>
        <ToastProvider>{children}</ToastProvider>
      </TRPCProvider>
    </QueryClientProvider>
  );
}
