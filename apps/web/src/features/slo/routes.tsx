import { lazy } from 'react';
import type { RouteObject } from 'react-router';

const SloListPage = lazy(() => import('./list/slo-list-page.tsx').then((m) => ({ default: m.SloListPage })));
const SloPage = lazy(() => import('./detail/slo-page.tsx').then((m) => ({ default: m.SloPage })));

const ExclusionsPage = lazy(() =>
  import('./exclusions/exclusions-page.tsx').then((m) => ({ default: m.ExclusionsPage })),
);

const SloNewPage = lazy(() => import('./edit/slo-new-page.tsx').then((m) => ({ default: m.SloNewPage })));
const SloEditPage = lazy(() => import('./edit/slo-edit-page.tsx').then((m) => ({ default: m.SloEditPage })));
const SloRevisionsPage = lazy(() =>
  import('./edit/revisions/slo-revisions-page.tsx').then((m) => ({ default: m.SloRevisionsPage })),
);

/** Screens of the feature, relative to /slos: the list, and one objective. */
export const sloRoutes: RouteObject[] = [
  { index: true, element: <SloListPage /> },
  { path: 'exclusions', element: <ExclusionsPage /> },
  { path: 'new', element: <SloNewPage /> },
  { path: ':id', element: <SloPage /> },
  { path: ':id/edit', element: <SloEditPage /> },
  { path: ':id/revisions', element: <SloRevisionsPage /> },
];
