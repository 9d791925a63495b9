import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { byServerClock, useNow } from '../../../lib/clock.ts';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { useSelection } from '../../../lib/use-selection.ts';
import { cx } from '../../../ui/class-names.ts';
import { KeyHints } from '../../../ui/kbd.tsx';
import { UserPageLinks } from '../page-links.tsx';
import { PersonPanel } from '../person/person-panel.tsx';
import { useDirectory } from '../use-directory.ts';
import { useKeptSearch } from '../use-kept-search.ts';
import { usePlatformNames } from '../use-platform-names.ts';
import { DirectoryHead } from './directory-head.tsx';
import { FilterBar } from './filter-bar.tsx';
import { PageActions } from './page-actions.tsx';
import { PeopleList } from './people-list.tsx';

const hints = [
  { keys: ['J', 'K'], does: 'move' },
  { keys: ['↵'], does: 'open' },
  { keys: ['X'], does: 'select' },
];

/** The list, and beside it the person of the address. On the phone one or the other. */
export function Directory() {
  const { id } = useParams();
  const can = useCan();
  const now = useNow(5_000);
  const navigate = useNavigate();
  const to = useTo();
  const kept = useKeptSearch();
  const directory = useDirectory();
  const { list: platforms, nameOf } = usePlatformNames();
  const selection = useSelection();
  const [cursor, setCursor] = useState<string | null>(null);
  const { counts, values, setValues } = directory;
  const close = () => void navigate(to(paths.users, kept), { preventScrollReset: true });
  return (
    <>
      <div className={cx(id !== undefined && 'phone:sr-only')}>
        <DirectoryHead
          counts={counts.data}
          failed={counts.error !== null}
          readAt={byServerClock(counts.dataUpdatedAt)}
          isStale={counts.error !== null}
          platforms={platforms.length}
        />
      </div>
      <div className={cx(id !== undefined && 'phone:hidden')}>
        <UserPageLinks />
        <FilterBar
          values={values}
          counts={counts.data}
          onChange={setValues}
          actions={<PageActions query={directory.query} now={now} />}
          hints={<KeyHints hints={hints} className="ml-auto" />}
        />
      </div>
      <div className={cx(id !== undefined && 'grid items-start gap-7 desk:grid-cols-[minmax(0,1fr)_340px]')}>
        <div className={cx('min-w-0', id !== undefined && 'phone:hidden')}>
          <PeopleList
            directory={directory}
            nameOf={nameOf}
            now={now}
            openId={id ?? null}
            cursor={cursor}
            onCursor={setCursor}
            onOpen={(row) => void navigate(to(paths.user(row.id), kept), { preventScrollReset: true })}
            selection={can('users:suspend') ? selection : null}
          />
        </div>
        {id !== undefined && <PersonPanel key={id} id={id} now={now} onClose={close} />}
      </div>
    </>
  );
}
