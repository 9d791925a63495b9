import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../lib/trpc.ts';
import { usePlatformScope } from '../../lib/url-state.ts';
import { SelectMenu } from '../../ui/select-menu.tsx';

const ALL = '*';

/** The list behind the platform switcher. A chunk of its own: menus are heavier than the page they stand on. */
export function PlatformMenu() {
  const trpc = useTRPC();
  const [platform, setPlatform] = usePlatformScope();
  const { data: platforms = [] } = useQuery(trpc.platforms.list.queryOptions());
  const isUnknown = platform !== null && !platforms.some((candidate) => candidate.id === platform);
  const options = [
    { value: ALL, label: 'All platforms' },
    ...platforms.map((candidate) => ({
      value: candidate.id,
      label: candidate.name,
      note: candidate.sloCount === 1 ? '1 SLO' : `${candidate.sloCount} SLOs`,
    })),
    ...(isUnknown ? [{ value: platform, label: platform, note: 'not found' }] : []),
  ];
  return (
    <SelectMenu
      label="Platform"
      value={platform ?? ALL}
      onChange={(next) => setPlatform(next === ALL ? null : next)}
      options={options}
    />
  );
}
