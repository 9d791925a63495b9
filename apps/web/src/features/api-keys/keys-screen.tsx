import type { KeyListRow } from '@qd/shared/api-keys';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { byServerClock, useNow } from '../../lib/clock.ts';
import { KeyPageLinks } from '../../lib/key-page-links.tsx';
import { paths } from '../../lib/paths.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useTo } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { useSelection } from '../../lib/use-selection.ts';
import { Button } from '../../ui/button.tsx';
import { KeysBar } from './bulk/keys-bar.tsx';
import { CreateKey } from './create-key.tsx';
import { KeyActs, useKeyActs } from './key-acts.tsx';
import { KeyDialogs } from './key-dialogs.tsx';
import { ExportButton } from './list/export-button.tsx';
import { FilterBar } from './list/filter-bar.tsx';
import { KeysHead } from './list/keys-head.tsx';
import { KeysList } from './list/keys-list.tsx';
import { useKeptList, useKeys } from './list/use-keys.ts';
import { LookUpButton } from './look-up-button.tsx';
import { KeyPanel } from './panel/key-panel.tsx';
import { LedgerLine } from './revocation/ledger-line.tsx';
import { RevocationCard } from './revocation/revocation-card.tsx';
import { CalendarSection } from './rotation/calendar-section.tsx';

/** The keys on their axis of time, and under them the key of the address. */
export function KeysScreen() {
  const { id } = useParams();
  const can = useCan();
  const now = useNow(5_000);
  const { zone } = useTimeZone();
  const navigate = useNavigate();
  const to = useTo();
  const kept = useKeptList();
  const state = useKeys();
  const selection = useSelection();
  const [cursor, setCursor] = useState<string | null>(null);
  const { counts, rows = [] } = state;
  const at = { nowMs: now, zone };
  const go = (path: string, extra: Record<string, string> = {}) =>
    void navigate(to(path, { ...kept, ...extra }), { preventScrollReset: true });
  const target = rows.find((row) => row.id === (cursor ?? id)) ?? null;
  const acts = useKeyActs(target);
  const open = (row: KeyListRow) => go(paths.key(row.id));
  return (
    <>
      <KeysHead
        counts={counts.data}
        failed={counts.error !== null}
        readAt={byServerClock(counts.dataUpdatedAt)}
        nowMs={now}
      />
      <KeyPageLinks>
        <ExportButton query={state.query} />
        {can('api-keys:write') && (
          <Button size="s" onClick={() => go(paths.keyImport)}>
            Take in a key
          </Button>
        )}
        <LookUpButton />
      </KeyPageLinks>
      <FilterBar
        show={state.show}
        onShow={state.setShow}
        text={state.text}
        onText={state.setText}
        counts={counts.data?.counts}
        actions={<CreateKey kept={kept} />}
      />
      <KeysList
        state={state}
        at={at}
        openId={id ?? null}
        cursor={cursor}
        onCursor={setCursor}
        onOpen={open}
        selection={can('api-keys:rotate') ? selection : null}
        kept={kept}
        onCreate={can('api-keys:write') ? () => go(paths.keyNew) : null}
      />
      {can('api-keys:rotate') && <KeysBar selection={selection} rows={rows} />}
      {id !== undefined && (
        <KeyPanel
          key={id}
          id={id}
          at={at}
          onClose={() => go(paths.keys)}
          actions={(detail) => (
            <>
              {can('api-keys:write') && (
                <Button size="s" onClick={() => go(paths.keyNew, { copy: detail.id })}>
                  Create one like it
                </Button>
              )}
              <KeyActs row={detail} onAct={acts.ask} />
            </>
          )}
        />
      )}
      <div className="mt-10 grid gap-x-8 gap-y-8 grid-cols-[minmax(0,1fr)] desk:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <CalendarSection />
        <div className="min-w-0">
          <RevocationCard />
          <LedgerLine />
        </div>
      </div>
      {acts.asked !== null && <KeyDialogs asked={acts.asked} onClose={acts.close} />}
    </>
  );
}
