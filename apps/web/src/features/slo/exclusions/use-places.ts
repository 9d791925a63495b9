import type { ExclusionView } from '@qd/shared/slo';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';
import { useCan } from '../../../lib/use-can.ts';

/** A place time can be excluded on, with its objectives. */
export interface PlatformChoice {
  id: string;
  name: string;
  slos: { id: string; name: string }[];
}

/** Platforms with their objectives, and those the reader may exclude time on. */
export function usePlaces() {
  const trpc = useTRPC();
  const can = useCan();
  const { data: platforms = [] } = useQuery(trpc.platforms.list.queryOptions());
  const { data: slos } = useQuery(trpc.slo.list.queryOptions({}));
  const all: PlatformChoice[] = platforms.map(({ id, name }) => ({
    id,
    name,
    slos: (slos?.rows ?? []).filter((slo) => slo.platformId === id).map((slo) => ({ id: slo.id, name: slo.name })),
  }));
  const placeOf = ({ platformId, sloId }: Pick<ExclusionView, 'platformId' | 'sloId'>): string => {
    const platform = all.find((one) => one.id === platformId);
    const slo = platform?.slos.find((one) => one.id === sloId);
    return `${platform?.name ?? platformId}, ${sloId === null ? 'all objectives' : (slo?.name ?? 'one objective')}`;
  };
  return {
    placeOf,
    mine: all.filter(({ id }) => can('slo:exclude', id)),
    sloOf: (id: string | undefined) => slos?.rows.find((slo) => slo.id === id) ?? null,
  };
}

export type Places = ReturnType<typeof usePlaces>;
