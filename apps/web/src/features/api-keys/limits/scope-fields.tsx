import type { ScopeUseView, ScopeView } from '@qd/shared/api-keys';
import { useQuery } from '@tanstack/react-query';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { scopesOn } from '../create/draft.ts';
import { ScopePicker } from '../create/scope-picker.tsx';
import { useHeld } from '../create/use-create.ts';
import { usageWords } from './limits-draft.ts';

export interface ScopeFieldsProps {
  platform: string;
  /** Person the key acts for. */
  owner: { id: string } | null;
  /** What the key may do now. */
  own: readonly string[];
  chosen: readonly string[];
  use: ScopeUseView | undefined;
  error?: string | undefined;
  onChange(chosen: string[]): void;
}

/** What the key may do, chosen as when it is made, with what it did of late beside each. */
export function ScopeFields({ platform, owner, own, chosen, use, error, onChange }: ScopeFieldsProps) {
  const trpc = useTRPC();
  const options = useQuery(trpc.apiKeys.createOptions.queryOptions());
  const held = useHeld({ owner, platform });
  const { data } = options;
  if (data === undefined && options.error === null) return <SkeletonRows rows={4} />;
  // What the key has stands first: the list of what there is can be long.
  const lead = (scope: string): number => (own.includes(scope) ? 0 : 1);
  const offered = data === undefined ? [] : scopesOn(data, platform).toSorted((a, b) => lead(a.scope) - lead(b.scope));
  const rest = own.filter((scope) => offered.every((one) => one.scope !== scope));
  return (
    <>
      {data === undefined && (
        <ReadTrouble title="What may be added did not load; scopes can be taken away." query={options} />
      )}
      <ScopePicker
        scopes={[...rest.map((scope) => kept(scope, data !== undefined)), ...offered]}
        chosen={chosen}
        held={held}
        error={error}
        usageOf={use && ((scope) => usageWords(scope, use))}
        onChange={onChange}
      />
    </>
  );
}

/** A scope the reader could not give, and may only take away. */
function kept(scope: string, isKnown: boolean): ScopeView {
  return {
    scope,
    description: isKnown ? 'Not yours to give; once taken away, others give it back' : '',
    of: 'platform',
  };
}
