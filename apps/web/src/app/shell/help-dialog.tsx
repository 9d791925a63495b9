import { useKeyBindings, useSingleKeys } from '../../lib/keys.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { printKeys } from './print-keys.ts';

/** Keys that lists and dialogs bind by themselves. */
const always: readonly { keys: string; label: string }[] = [
  { keys: 'j k', label: 'Move in a list' },
  { keys: 'enter', label: 'Open the row' },
  { keys: 'escape', label: 'Close what is open; focus returns' },
];

/** Every key that works right now, and the switch that turns single keys off. */
export function HelpDialog({ onClose }: { onClose(): void }) {
  const bindings = useKeyBindings();
  const [singleKeys, setSingleKeys] = useSingleKeys();
  const own = bindings.filter(({ keys }) => !['j', 'k', 'enter'].includes(keys));
  const rows = [...new Map([...own, ...always].map((row) => [row.keys, row])).values()].toSorted((a, b) =>
    a.label.localeCompare(b.label),
  );
  return (
    <Dialog open onOpenChange={onClose} title="Keyboard map" size="wide">
      <p className="text-ink-2">
        Every key has a button that does the same. G waits for its second key and shows where it leads.
      </p>
      <dl className="mt-3 grid grid-cols-2 gap-x-8 phone:grid-cols-1">
        {rows.map((row) => (
          <div key={row.keys} className="flex items-center gap-3 border-b border-line py-1.5">
            <dt className="order-2 flex-none">
              <span className="inline-flex gap-1">
                {printKeys(row.keys).map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </span>
            </dt>
            <dd className="order-1 mr-auto">{row.label}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-3">
        <Checkbox
          checked={singleKeys}
          onChange={(event) => setSingleKeys(event.target.checked)}
          label="Single keys act"
          hint="Off leaves only keys held with ⌘ or Ctrl. Kept in this browser."
        />
      </div>
    </Dialog>
  );
}
