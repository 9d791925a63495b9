import type { BurnDownSeries, SloDetail } from '@qd/shared/slo';
import { lazy, Suspense } from 'react';
import { useTimeZone } from '../../../../lib/time-zone.ts';
import { useCan } from '../../../../lib/use-can.ts';
import { useCause } from './use-cause.ts';

const CauseDrawer = lazy(() => import('./cause-drawer.tsx').then((m) => ({ default: m.CauseDrawer })));

/** The cause the address names, beside the page. */
export function Cause({ slo, series }: { slo: SloDetail; series: BurnDownSeries | undefined }) {
  const { chosen, close } = useCause();
  const { zone } = useTimeZone();
  const mayExclude = useCan()('slo:exclude', slo.platformId);
  if (chosen === null) return null;
  return (
    <Suspense fallback={null}>
      <CauseDrawer chosen={chosen} slo={slo} series={series} mayExclude={mayExclude} zone={zone} onClose={close} />
    </Suspense>
  );
}
