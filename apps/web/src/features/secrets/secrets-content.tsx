import type { SecretCounts, SecretView } from '@qd/shared/secrets';
import { useState } from 'react';
import { CsvButton } from '../../lib/csv-button.tsx';
import { downloadFrom } from '../../lib/download.ts';
import { useKey, useSingleKeys } from '../../lib/keys.ts';
import { paths } from '../../lib/paths.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { usePlatformScope, useUrlParams } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Beside } from './beside.tsx';
import { pageParams } from './page-params.ts';
import { ScheduleOffer } from './schedule-offer.tsx';
import { SecretTable } from './secret-table.tsx';
import { SecretsHead } from './secrets-head.tsx';

export interface SecretsContentProps {
  rows: readonly SecretView[];
  counts: SecretCounts;
  asOf: number;
  /** The last read failed: what is shown is kept from before. */
  isStale: boolean;
  platforms: readonly { id: string; name: string }[];
  nowMs: number;
  more: { isLoading: boolean; load(): void } | null;
}

type Show = 'all' | 'due' | 'archived';

/** The register as it was read. */
export function SecretsContent(props: SecretsContentProps) {
  const { rows, counts, platforms, nowMs, more } = props;
  const { zone } = useTimeZone();
  const can = useCan();
  const [scope] = usePlatformScope();
  const [values, set] = useUrlParams(pageParams);
  const [cursor, setCursor] = useState<string | null>(null);
  const [singleKeys] = useSingleKeys();
  const mine = platforms.filter(({ id }) => can('secrets:write', id) && (scope === null || scope === id));
  const nameOf = (id: string): string => platforms.find((platform) => platform.id === id)?.name ?? id;
  const isBeside = values.row !== undefined || values.edit !== undefined;
  const save = () => downloadFrom(paths.secretsExport, { platform: scope, show: showOf(values.show) });
  useKey('n', 'Add a secret', () => set({ row: null, edit: 'new' }), mine.length > 0 && values.edit === undefined);
  return (
    <>
      <SecretsHead {...props} nameOf={nameOf} />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Filter
          counts={counts}
          show={showOf(values.show)}
          onShow={(show) => set({ show: show === 'all' ? null : show })}
        />
        <span className="ml-auto" />
        <CsvButton of="register of secrets" save={save} />
        {mine.length > 0 && (
          <Button variant="primary" icon="plus" kbd="N" onClick={() => set({ row: null, edit: 'new' })}>
            Add secret
          </Button>
        )}
      </div>
      <SecretTable
        rows={rows}
        nameOf={nameOf}
        zone={zone}
        nowMs={nowMs}
        cursorKey={values.row ?? cursor ?? rows[0]?.id ?? null}
        onCursor={setCursor}
        onOpen={(row) => set({ edit: null, row: row.id })}
        pageKeys={singleKeys && !isBeside}
        empty={<Nothing show={showOf(values.show)} mayAdd={mine.length > 0} />}
      />
      {more !== null && (
        <Button className="mt-3" pending={more.isLoading} onClick={more.load}>
          {more.isLoading ? 'Loading…' : 'Load more'}
        </Button>
      )}
      {more === null && showOf(values.show) === 'all' && <ScheduleOffer platforms={mine} known={namesOf(rows)} />}
      <Beside rows={rows} mine={mine} nameOf={nameOf} nowMs={nowMs} />
    </>
  );
}

function Filter({ counts, show, onShow }: { counts: SecretCounts; show: Show; onShow(show: Show): void }) {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <Segmented
      label="Which secrets are shown"
      size="s"
      value={show}
      onChange={onShow}
      options={[
        { value: 'all', label: `All ${all}` },
        { value: 'due', label: `Due ${counts.overdue + counts.due_soon + counts.never}` },
        { value: 'archived', label: 'Archived too' },
      ]}
    />
  );
}

function Nothing({ show, mayAdd }: { show: Show; mayAdd: boolean }) {
  if (show === 'due') return <EmptyState title="No secret is due here." />;
  return (
    <EmptyState title="No secret is in the register here.">
      {mayAdd
        ? 'Add the passwords and credentials that are rotated by hand, by name only; the console says when each is due.'
        : 'Operators and admins keep the register.'}
    </EmptyState>
  );
}

function showOf(text: string | undefined): Show {
  return text === 'due' || text === 'archived' ? text : 'all';
}

function namesOf(rows: readonly SecretView[]): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { platform, name, archivedAt } of rows) {
    if (archivedAt === null) names.set(platform, (names.get(platform) ?? new Set()).add(name));
  }
  return names;
}
