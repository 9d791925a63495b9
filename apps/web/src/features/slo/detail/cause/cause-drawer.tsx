import type { BurnDownSeries, CauseKey, SloDetail } from '@qd/shared/slo';
import { useEffect, useRef } from 'react';
import type { Zone } from '../../../../lib/zone.ts';
import { SidePanel } from '../../../../ui/side-panel.tsx';
import { BackgroundFacts, GoneFacts, SmallerFacts } from './cause-facts.tsx';
import { type CauseView, causeView } from './cause-view.ts';
import { MarkFacts } from './mark-facts.tsx';

export interface CauseDrawerProps {
  chosen: CauseKey;
  slo: SloDetail;
  series: BurnDownSeries | undefined;
  mayExclude: boolean;
  zone: Zone;
  onClose(): void;
}

/** What a cause was, what it cost, and the way on. The page beside it stays in use; on the phone it stands above it. */
export function CauseDrawer({ chosen, slo, series, mayExclude, zone, onClose }: CauseDrawerProps) {
  const view = causeView(chosen, slo, series);
  const content = useRef<HTMLDivElement>(null);
  const told = useRef(chosen);
  useEffect(() => {
    // The first one is read because the drawer opens; one that takes its place has to be pointed at.
    if (told.current !== chosen) content.current?.focus({ preventScroll: true });
    told.current = chosen;
  }, [chosen]);
  const facts = { slo, mayExclude, zone };
  return (
    <SidePanel title={titleOf(view)} onClose={onClose} className="phone:top-[50dvh]! phone:border-t">
      <div ref={content} tabIndex={-1} className="outline-none">
        {view.kind === 'mark' && <MarkFacts view={view} {...facts} />}
        {view.kind === 'background' && <BackgroundFacts view={view} {...facts} />}
        {view.kind === 'smaller' && <SmallerFacts items={view.items} {...facts} />}
        {view.kind === 'gone' && <GoneFacts />}
      </div>
    </SidePanel>
  );
}

function titleOf(view: CauseView): string {
  switch (view.kind) {
    case 'mark':
      return view.mark.kind === 'exclusion' ? (view.item?.label ?? `Excluded: ${view.mark.detail}`) : view.mark.label;
    case 'background':
      return view.item.label;
    case 'smaller':
      return 'Smaller causes';
    case 'gone':
      return 'Not in this window';
  }
}
