import type { PlatformGaps, PlatformOnCall, SlotView } from '@qd/shared/oncall';
import { useState } from 'react';
import { useKey, useSingleKeys } from '../../lib/keys.ts';
import { usePlatformScope, useUrlParams } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { CreateSlotDialog, type CreateSlotDialogProps } from './create-slot-dialog.tsx';
import type { SlotQuery } from './export-button.tsx';
import { GapTable } from './gap-table.tsx';
import { NowTable } from './now-table.tsx';
import { OncallHead } from './oncall-head.tsx';
import { pageParams } from './page-params.ts';
import { EndSlotDialog, HandOverDialog } from './slot-dialogs.tsx';
import type { SlotAct } from './slot-table.tsx';
import { SlotsSection } from './slots-section.tsx';

export interface OncallContentProps {
  platforms: readonly PlatformOnCall[];
  gaps: readonly PlatformGaps[];
  /** Slots of the days ahead, for the bars. */
  coming: readonly SlotView[];
  /** Slots of the present filter. */
  rows: readonly SlotView[];
  query: SlotQuery;
  asOf: number;
  /** A read failed: what is shown is kept from before. */
  isStale: boolean;
  nowMs: number;
  more: { isLoading: boolean; load(): void } | null;
}

/** What the reader is asked: about a new slot, or about one that is there. */
type Asked = { act: 'create'; about: CreateSlotDialogProps['about'] } | { act: SlotAct; slot: SlotView };

/** Who is on call, as it was read. */
export function OncallContent(props: OncallContentProps) {
  const { platforms, gaps, coming, nowMs } = props;
  const can = useCan();
  const [scope] = usePlatformScope();
  const [values, set] = useUrlParams(pageParams);
  const [chosen, setChosen] = useState<Asked | null>(null);
  const [singleKeys] = useSingleKeys();
  const mine = platforms
    .filter(({ platform }) => can('oncall:write', platform))
    .map(({ platform: id, name }) => ({ id, name }));
  const nameOf = (id: string): string => platforms.find(({ platform }) => platform === id)?.name ?? id;
  const only = mine.length === 1 ? mine[0]?.id : undefined;
  const fresh: Asked = { act: 'create', about: { platform: scope ?? only ?? '' } };
  const asked = chosen ?? (values.new !== undefined && mine.length > 0 ? fresh : null);
  const add = () => set({ new: '1' });
  useKey('n', 'Put somebody on call', add, mine.length > 0 && asked === null);
  return (
    <>
      <OncallHead {...props} />
      <div className="mt-4">
        <NowTable rows={platforms} gaps={gaps} slots={coming} nowMs={nowMs} />
      </div>
      <GapTable gaps={gaps} nowMs={nowMs} onFill={(about) => setChosen({ act: 'create', about })} />
      <SlotsSection
        rows={props.rows}
        query={props.query}
        more={props.more}
        nameOf={nameOf}
        nowMs={nowMs}
        mayAdd={mine.length > 0}
        pageKeys={singleKeys && asked === null}
        onAdd={add}
        onAct={(act, slot) => setChosen({ act, slot })}
      />
      {asked !== null && (
        <Question
          asked={asked}
          mine={mine}
          nameOf={nameOf}
          onClose={() => {
            setChosen(null);
            set({ new: null });
          }}
        />
      )}
    </>
  );
}

interface QuestionProps {
  asked: Asked;
  mine: CreateSlotDialogProps['platforms'];
  nameOf(platform: string): string;
  onClose(): void;
}

function Question({ asked, mine, nameOf, onClose }: QuestionProps) {
  if (asked.act === 'create') return <CreateSlotDialog platforms={mine} about={asked.about} onClose={onClose} />;
  const { slot } = asked;
  const of = { slot, platformName: nameOf(slot.platform), onClose };
  return asked.act === 'end' ? <EndSlotDialog {...of} /> : <HandOverDialog {...of} />;
}
