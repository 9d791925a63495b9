import type { AppRouter } from '@qd/server/router';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

export type { AppRouter };
export type ApiInputs = inferRouterInputs<AppRouter>;
export type ApiOutputs = inferRouterOutputs<AppRouter>;

export type SessionView = ApiOutputs['session']['get'];
export type SessionUser = NonNullable<SessionView['user']>;
export type SourceHealth = ApiOutputs['health']['sources']['sources'][number];
export type AuditRow = ApiOutputs['audit']['list']['rows'][number];
export type AuditFilter = NonNullable<ApiInputs['audit']['list']>;
