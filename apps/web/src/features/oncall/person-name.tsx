import type { SlotView } from '@qd/shared/oncall';
import { Link } from 'react-router';
import { paths } from '../../lib/paths.ts';
import { useTo } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { linkClass } from '../../ui/link.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { absence } from './oncall-words.ts';

/** Who holds a slot, with a warning where they cannot come; a link for those who may see people. */
export function PersonName({ slot }: { slot: SlotView }) {
  const to = useTo();
  const can = useCan();
  const { id, name, state } = slot.person;
  const isAway = slot.state !== 'over' && absence(slot) !== null;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      {can('users:read', slot.platform) ? (
        <Link to={to(paths.user(id))} className={linkClass}>
          {name}
        </Link>
      ) : (
        <span className="font-strong">{name}</span>
      )}
      {isAway && <StatusWord tone="warn">{state}, cannot come</StatusWord>}
    </span>
  );
}
