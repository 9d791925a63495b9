import { useRoutes } from 'react-router';
import { sloRoutes } from '../features/slo/routes.tsx';

/** The screens of the SLO feature, under /slos. */
export function SloScreens() {
  return useRoutes(sloRoutes);
}
