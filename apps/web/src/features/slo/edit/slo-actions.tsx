import type { SloDetail } from '@qd/shared/slo';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ApiInputs } from '../../../lib/api.ts';
import { serverNow } from '../../../lib/clock.ts';
import { downloadText, fileDay } from '../../../lib/download.ts';
import { describeError } from '../../../lib/errors.ts';
import { paths } from '../../../lib/paths.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { useTo } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Icon, type IconName } from '../../../ui/icon.tsx';
import { Popover } from '../../../ui/popover.tsx';
import { historyCsv } from './history-csv.ts';

export interface SloActionsProps {
  slo: Pick<SloDetail, 'id' | 'name' | 'platformId' | 'isDemo'>;
  /** The window that is drawn, as the server is asked for it, and its whole budget. */
  drawn: { ask: ApiInputs['slo']['page']; budgetMs: number };
}

const item = 'qd-menu-item w-full text-left text-ink hover:bg-sunken';

/** What can be done with one objective: change it, see what it was, take it elsewhere. */
export function SloActions({ slo, drawn }: SloActionsProps) {
  const to = useTo();
  const can = useCan();
  const mayWrite = can('slo:write', slo.platformId);
  const ways: [icon: IconName, label: string, where: ReturnType<typeof to>][] = [
    ['clock', 'Revisions', to(paths.sloRevisions(slo.id))],
  ];
  if (mayWrite && !slo.isDemo) {
    ways.unshift(
      ['pencil', 'Change or archive', to(paths.sloEdit(slo.id))],
      ['plus', 'Copy as a new SLO', to(paths.sloNew, { from: slo.id })],
    );
  }
  return (
    <Popover
      title="This SLO"
      align="end"
      className="w-[270px]"
      trigger={(props) => (
        <button {...props} type="button" className="qd-icon-button" aria-label="Actions" title="Actions">
          <Icon name="dots" />
        </button>
      )}
    >
      <ul className="-mx-2">
        {ways.map(([icon, label, where]) => (
          <li key={label}>
            <Link to={where} className={item}>
              <Icon name={icon} size={14} />
              {label}
            </Link>
          </li>
        ))}
        <Downloads slo={slo} drawn={drawn} />
      </ul>
      {mayWrite && slo.isDemo && <p className="mt-1 text-small">A demo SLO tells a story and cannot be changed.</p>}
    </Popover>
  );
}

/** The budget's history as CSV, and the definition as an OpenSLO document. */
function Downloads({ slo, drawn }: SloActionsProps) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [failure, setFailure] = useState('');
  const save = async (ending: string, type: string, read: () => Promise<string>) => {
    setFailure('');
    try {
      downloadText(`${slo.id}-${fileDay(serverNow())}.${ending}`, await read(), type);
    } catch (error) {
      const { message, remedy } = describeError(error);
      setFailure(`Nothing was downloaded. ${message} ${remedy}`);
    }
  };
  const history = async () =>
    historyCsv((await client.fetchQuery(trpc.slo.page.queryOptions(drawn.ask))).burnDown, drawn.budgetMs);
  const document = async () =>
    (await client.fetchQuery(trpc.slo.exchange.export.queryOptions({ ids: [slo.id] }, { staleTime: 0 }))).text;
  return (
    <>
      <li>
        <button type="button" className={item} onClick={() => void save('csv', 'text/csv', history)}>
          <Icon name="table" size={14} />
          Download budget history (CSV)
        </button>
      </li>
      <li>
        <button type="button" className={item} onClick={() => void save('yaml', 'application/yaml', document)}>
          <Icon name="download" size={14} />
          Export definition (YAML)
        </button>
      </li>
      {failure !== '' && (
        <li role="alert" className="px-2 font-medium text-crit">
          {failure}
        </li>
      )}
    </>
  );
}
