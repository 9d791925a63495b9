import { Checkbox } from '../../../ui/checkbox.tsx';

export interface ScopesFieldProps {
  /** What the old key may do. */
  all: readonly string[];
  chosen: readonly string[];
  fault: string | undefined;
  onChange(scopes: string[]): void;
}

/** What the new key may do: as much as the old one, or less. */
export function ScopesField({ all, chosen, fault, onChange }: ScopesFieldProps) {
  const toggle = (scope: string, isOn: boolean): void =>
    onChange(all.filter((one) => (one === scope ? isOn : chosen.includes(one))));
  return (
    <details>
      <summary className="text-small font-strong">
        Scopes:{' '}
        {chosen.length === all.length ? `all ${all.length} of the old key` : `${chosen.length} of ${all.length}`}
      </summary>
      <fieldset className="mt-1">
        <legend className="sr-only">Scopes of the new key</legend>
        {all.map((scope) => (
          <Checkbox
            key={scope}
            label={<span className="mono">{scope}</span>}
            checked={chosen.includes(scope)}
            onChange={(event) => toggle(scope, event.target.checked)}
          />
        ))}
      </fieldset>
      {fault !== undefined && (
        <p role="alert" className="text-small font-medium text-crit">
          {fault}
        </p>
      )}
    </details>
  );
}
