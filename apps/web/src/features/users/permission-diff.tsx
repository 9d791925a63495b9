import { Icon } from '../../ui/icon.tsx';

export interface PermissionDiffProps {
  added: readonly string[];
  removed: readonly string[];
  /** Behind a permission, in a lighter voice: what it lets somebody do. */
  sentenceOf?: (permission: string) => string | undefined;
}

function countWords(verb: string, count: number): string {
  return `${verb} ${count} permission${count === 1 ? '' : 's'}`;
}

function headOf(added: number, removed: number): string {
  if (added === 0 && removed === 0) return 'This changes no permission.';
  const parts = [added > 0 ? countWords('adds', added) : '', removed > 0 ? countWords('removes', removed) : ''];
  return `This ${parts.filter(Boolean).join(' and ')}.`;
}

/** What a change of role adds and takes away, before it is saved. */
export function PermissionDiff({ added, removed, sentenceOf }: PermissionDiffProps) {
  const lines = [
    ...added.map((name) => ({ name, icon: 'plus' as const, verb: 'adds' })),
    ...removed.map((name) => ({ name, icon: 'minus' as const, verb: 'removes' })),
  ];
  return (
    <div role="status" className="border-l-3 border-overprint-line bg-sunken px-2.5 py-2">
      <p className="font-semibold">{headOf(added.length, removed.length)}</p>
      {lines.length > 0 && (
        <ul className="max-h-44 overflow-y-auto" tabIndex={0} aria-label="Permissions that change">
          {lines.map(({ name, icon, verb }) => (
            <li key={`${verb} ${name}`} className="flex items-start gap-1.5">
              <Icon name={icon} size={12} className="mt-1" />
              <span className="min-w-0">
                <span className="sr-only">{verb} </span>
                <span className="mono text-small">{name}</span>{' '}
                <span className="text-small text-ink-3">{sentenceOf?.(name)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
