import type { ScopeView } from '@qd/shared/api-keys';
import { useId } from 'react';
import { Checkbox } from '../../../ui/checkbox.tsx';

export interface ScopePickerProps {
  scopes: readonly ScopeView[];
  chosen: readonly string[];
  /** What the key's owner may do there; null where it acts for nobody. */
  held: readonly string[] | null;
  error?: string | undefined;
  /** How much a scope is used, for keys there are. */
  usageOf?: ((scope: string) => string | undefined) | undefined;
  onChange(chosen: string[]): void;
}

/** What the key may do: the platform's own scopes first, then permissions of the console. */
export function ScopePicker({ scopes, chosen, held, error, usageOf, onChange }: ScopePickerProps) {
  const id = useId();
  const groups = [
    { of: 'platform', title: null },
    { of: 'console', title: 'Of this console' },
  ] as const;
  const toggle = (scope: string, on: boolean): void =>
    onChange(on ? [...chosen, scope] : chosen.filter((one) => one !== scope));
  return (
    <fieldset aria-describedby={error === undefined ? undefined : id} className="min-w-0">
      <legend className="mb-[5px] text-small font-strong">Permissions</legend>
      <div
        tabIndex={0}
        role="group"
        aria-label="Permissions to choose from"
        className="max-h-56 overflow-y-auto rounded-2 border border-line-2 px-3 py-1"
      >
        {groups.map((group) => {
          const own = scopes.filter((scope) => scope.of === group.of);
          if (own.length === 0) return null;
          return (
            <div key={group.of}>
              {group.title !== null && <p className="mt-1 text-micro text-ink-3">{group.title}</p>}
              <div className="grid gap-x-3.5 desk:grid-cols-2">
                {own.map(({ scope, description }) => {
                  const isBeyond = held !== null && !held.includes(scope);
                  const words = isBeyond ? 'The person may not do this there' : description;
                  const use = usageOf?.(scope);
                  return (
                    <Checkbox
                      key={scope}
                      label={<span className="mono text-[13px] wrap-anywhere">{scope}</span>}
                      hint={use === undefined ? words : <WithUse words={words} use={use} />}
                      checked={chosen.includes(scope)}
                      disabled={isBeyond && !chosen.includes(scope)}
                      onChange={(event) => toggle(scope, event.target.checked)}
                    />
                  );
                })}
              </div>
            </div>
          );
        })}
        {scopes.length === 0 && <p className="py-1 text-ink-3">There is nothing you may give here.</p>}
      </div>
      {error !== undefined && (
        <p id={id} role="alert" className="mt-1 text-small font-medium text-crit">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function WithUse({ words, use }: { words: string; use: string }) {
  return (
    <>
      {words}
      <span className="block text-ink-2">{use}</span>
    </>
  );
}
