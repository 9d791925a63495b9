import { useNow } from '../../../lib/clock.ts';
import { formatAge } from '../../../lib/format.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { StateBlock } from '../../../ui/state-block.tsx';

/** Says that what was typed before is here again. */
export function KeptNote({ foundAt, onDiscard }: { foundAt: number; onDiscard(): void }) {
  const nowMs = useNow(30_000);
  return (
    <StateBlock
      mark={<Icon name="pencil" />}
      role="status"
      title="Your unsaved changes are here again."
      actions={
        <Button size="s" onClick={onDiscard}>
          Discard them
        </Button>
      }
    >
      Typed {formatAge(nowMs - foundAt)}, kept in this tab.
    </StateBlock>
  );
}
