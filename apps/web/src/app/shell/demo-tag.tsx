import { useSession } from '../../lib/session.tsx';
import { useCan } from '../../lib/use-can.ts';
import { Tag } from '../../ui/tag.tsx';
import { useShell } from './shell-context.tsx';

/** Says on every page that some of the figures are made up, and offers the end of them to those who may. */
export function DemoTag() {
  const { demo } = useSession();
  const can = useCan();
  const { openRemoveDemo } = useShell();
  if (!demo) return null;
  const tag = (
    <Tag tone="info" className="flex-none">
      Demo<span className="phone:sr-only"> data</span>
    </Tag>
  );
  if (!can('settings:write', null)) return tag;
  return (
    <span className="flex flex-none items-center gap-1">
      {tag}
      <button
        type="button"
        className="min-h-6 rounded-2 px-1.5 text-small text-ink-2 underline decoration-line-strong underline-offset-[3px] hover:decoration-ink phone:hidden fold:hidden"
        onClick={openRemoveDemo}
      >
        Remove demo
      </button>
    </span>
  );
}
