import { Input } from '../../../../ui/field.tsx';
import { allowsWords, targetIn } from '../allows.ts';
import { unitOf } from '../kinds.ts';
import { useForm } from './form-context.ts';
import { Part } from './part.tsx';
import { Slot } from './slot.tsx';
import { nominalWindowMs } from './window-words.ts';

const usual = ['99', '99.5', '99.9', '99.95', '99.99'];

/** How good is good enough, and what it is called. */
export function TargetPart() {
  const { draft, set } = useForm();
  const target = targetIn(draft.target);
  const [first] = draft.windows;
  const windowMs = first === undefined ? null : nominalWindowMs(first);
  const allows = target === null || windowMs === null ? null : allowsWords(target, windowMs, unitOf(draft.kind));
  return (
    <Part title="What is promised">
      <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
        <Slot
          field="targetPercent"
          label="Target, percent"
          required
          className="w-full"
          hint={<span aria-live="polite">{allows === null ? 'Below 100, such as 99.95.' : `Allows ${allows}.`}</span>}
        >
          <span className="flex flex-wrap items-center gap-1.5">
            <TargetInput value={draft.target} onChange={(value) => set({ target: value })} />
            {usual.map((value) => (
              <button
                key={value}
                type="button"
                aria-label={`Set the target to ${value} percent`}
                aria-pressed={target?.percent === value}
                className="h-7 rounded-2 border border-line-2 px-2 text-small hover:bg-sunken aria-pressed:border-ink phone:h-11"
                onClick={() => set({ target: value })}
              >
                {value}%
              </button>
            ))}
          </span>
        </Slot>
      </div>
      <Slot field="name" label="Name" required hint="As it stands in lists and sentences, such as “API availability”.">
        <Input
          maxLength={120}
          autoComplete="off"
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Slot>
    </Part>
  );
}

function TargetInput({ value, onChange }: { value: string; onChange(value: string): void }) {
  return (
    <Input
      inputMode="decimal"
      autoComplete="off"
      className="w-[110px]!"
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
