import type { SourceChoiceView } from '@qd/shared/slo';
import { isKindOf, kinds, kindWords } from '../kinds.ts';
import { useForm } from './form-context.ts';

/** The ways of counting that a source knows, with what each says in one sentence. */
export function KindChoice({ source }: { source: SourceChoiceView | null }) {
  const { draft, set } = useForm();
  const possible = source === null ? kinds : kinds.filter(({ kind }) => isKindOf(kind, source.kinds));
  return (
    <fieldset>
      <legend className="mb-[5px] text-small font-strong">What is counted</legend>
      <div className="flex flex-wrap gap-1.5">
        {possible.map(({ kind, label }) => (
          <label
            key={kind}
            className="relative inline-flex h-8 cursor-pointer items-center rounded-2 border border-line-strong px-2.5 font-medium hover:bg-sunken has-checked:border-ink has-checked:bg-ink has-checked:text-canvas has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-overprint-line phone:h-11"
          >
            <input
              type="radio"
              name="slo-kind"
              value={kind}
              checked={draft.kind === kind}
              className="absolute inset-0 cursor-pointer opacity-0"
              onChange={() => set({ kind })}
            />
            {label}
          </label>
        ))}
      </div>
      <p className="mt-1.5 text-small text-ink-3">{kindWords(draft.kind)?.sentence}</p>
    </fieldset>
  );
}
