import type { PolicyMeanings } from '@qd/shared/slo';
import { Input, Textarea } from '../../../../ui/field.tsx';
import { useForm } from './form-context.ts';
import { FoldedPart } from './part.tsx';
import { Slot } from './slot.tsx';

const meanings: readonly { name: keyof PolicyMeanings; label: string; usual: string }[] = [
  { name: 'ship', label: 'While there is budget', usual: 'Releases go out as planned.' },
  { name: 'caution', label: 'In caution', usual: 'Releases go out with care.' },
  { name: 'freeze', label: 'In freeze', usual: 'Only reliability fixes go out.' },
  { name: 'overspent', label: 'Overspent', usual: 'Nothing but fixes, until the budget is positive again.' },
];

/** From when on releases need care, and what each stage means to the team. */
export function PolicyPart({ mustOpen }: { mustOpen: boolean }) {
  const { draft, set } = useForm();
  const own = Object.values(draft.meanings).filter((words) => words.trim() !== '').length;
  const summary = `caution under ${draft.caution}%, freeze under ${draft.freeze}% left${own > 0 ? `, ${own} in own words` : ''}`;
  return (
    <FoldedPart title="Budget policy" summary={summary} mustOpen={mustOpen}>
      <div className="grid grid-cols-2 gap-3.5">
        <Slot field="cautionRatio" label="Caution under, percent left">
          <Input
            inputMode="decimal"
            autoComplete="off"
            value={draft.caution}
            onChange={(event) => set({ caution: event.target.value })}
          />
        </Slot>
        <Slot field="freezeRatio" label="Freeze under, percent left">
          <Input
            inputMode="decimal"
            autoComplete="off"
            value={draft.freeze}
            onChange={(event) => set({ freeze: event.target.value })}
          />
        </Slot>
      </div>
      {meanings.map(({ name, label, usual }) => (
        <Slot key={name} field={`meanings.${name}`} label={label} aside="optional">
          <Textarea
            rows={1}
            maxLength={300}
            placeholder={usual}
            value={draft.meanings[name]}
            onChange={(event) => set({ meanings: { ...draft.meanings, [name]: event.target.value } })}
          />
        </Slot>
      ))}
    </FoldedPart>
  );
}
