import { Select } from '../../../ui/field.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import type { WindowChoice } from '../window-words.ts';

/** So many windows stand side by side; more are a list that opens. */
const MOST_SIDE_BY_SIDE = 3;
const DECIDING = 'deciding';

export interface WindowSwitchProps {
  choices: readonly WindowChoice[];
  choice: WindowChoice;
  onChoice(key: string | null): void;
}

/** Which window the plot shows; nothing to choose where there is only one. */
export function WindowSwitch({ choices, choice, onChoice }: WindowSwitchProps) {
  if (choices.length < 2) return null;
  const value = choice.key ?? DECIDING;
  const choose = (key: string) => onChoice(key === DECIDING ? null : key);
  if (choices.length <= MOST_SIDE_BY_SIDE) {
    const options = choices.map(({ key, label }) => ({ value: key ?? DECIDING, label }));
    return <Segmented label="Which window is shown" size="s" value={value} onChange={choose} options={options} />;
  }
  return (
    <label>
      <span className="sr-only">Which window is shown</span>
      <Select className="h-7! py-0! text-small" value={value} onChange={(event) => choose(event.target.value)}>
        {choices.map(({ key, label }, i) => (
          <option key={key ?? DECIDING} value={key ?? DECIDING}>
            {i === 0 ? `${label}, which decides` : label}
          </option>
        ))}
      </Select>
    </label>
  );
}
