import { Glyph } from '../../../ui/glyph.tsx';
import { toneText } from '../../../ui/tone.ts';
import type { Step } from './rotation-words.ts';

/** The way of a rotation, step by step. */
export function RotationSteps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol
      className="grid grid-cols-4 gap-x-4 gap-y-3 border-t border-ink pt-3 phone:grid-cols-2"
      aria-label="Steps of the rotation"
    >
      {steps.map(({ glyph, tone, title, text }) => (
        <li key={title} className="min-w-0">
          <Glyph name={glyph} />
          <b className={`block font-strong ${tone === 'none' ? 'text-ink' : toneText[tone]}`}>{title}</b>
          <span className="block text-small text-ink-3">{text}</span>
        </li>
      ))}
    </ol>
  );
}
