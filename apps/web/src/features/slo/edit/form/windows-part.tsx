import { serverNow } from '../../../../lib/clock.ts';
import { Button } from '../../../../ui/button.tsx';
import { IconButton } from '../../../../ui/icon-button.tsx';
import { Segmented } from '../../../../ui/segmented.tsx';
import { nextKey, usualWindow, type WindowDraft } from '../draft/draft.ts';
import { useForm } from './form-context.ts';
import { FoldedPart } from './part.tsx';
import { PartSaid } from './slot.tsx';
import { CalendarFields, LengthFields } from './window-fields.tsx';
import { windowDraftWords } from './window-words.ts';

const MOST_WINDOWS = 5;

const kindOptions = [
  { value: 'cycle', label: 'Fixed cycle' },
  { value: 'rolling', label: 'Rolling' },
  { value: 'calendar', label: 'Calendar' },
] as const;

const kindSentences: Record<WindowDraft['kind'], string> = {
  cycle: 'The budget starts full and runs down until the cycle ends; the next one begins full again.',
  rolling: 'The budget of the last days up to now. What failed leaves it when it is old enough.',
  calendar: 'The budget of each day, week, month, quarter or year by the clock of a time zone.',
};

/** Over which time the budget lasts; the first window is the one that decides. */
export function WindowsPart({ mustOpen }: { mustOpen: boolean }) {
  const { draft, set } = useForm();
  const { windows } = draft;
  const add = () => set({ windows: [...windows, usualWindow(nextKey(windows), serverNow(), 'rolling')] });
  return (
    <FoldedPart title="Windows" summary={windows.map(windowDraftWords).join('; ')} mustOpen={mustOpen}>
      {windows.map((window, index) => (
        <OneWindow key={window.key} window={window} index={index} />
      ))}
      <PartSaid part="windows" />
      {windows.length < MOST_WINDOWS && (
        <Button size="s" icon="plus" className="justify-self-start" onClick={add}>
          Add a window
        </Button>
      )}
    </FoldedPart>
  );
}

function OneWindow({ window, index }: { window: WindowDraft; index: number }) {
  const { draft, set, setWindow } = useForm();
  const label = index === 0 ? 'The window that decides' : `Further window ${index}`;
  return (
    <fieldset className="grid gap-2.5 border-l-2 border-line-2 pl-3">
      <legend className="sr-only">{label}</legend>
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-small font-strong" aria-hidden="true">
          {label}
        </span>
        <Segmented
          label={`Kind of ${label.toLowerCase()}`}
          size="s"
          value={window.kind}
          onChange={(kind) => setWindow(window.key, { kind })}
          options={kindOptions}
        />
        {index > 0 && (
          <IconButton
            icon="close"
            label={`Remove ${label.toLowerCase()}`}
            onClick={() => set({ windows: draft.windows.filter(({ key }) => key !== window.key) })}
          />
        )}
      </div>
      {window.kind === 'calendar' ? (
        <CalendarFields window={window} index={index} />
      ) : (
        <LengthFields window={window} index={index} />
      )}
      <p className="text-small text-ink-3">{kindSentences[window.kind]}</p>
    </fieldset>
  );
}
