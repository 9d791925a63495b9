import type { ExclusionVersion, ExclusionView } from '@qd/shared/slo';
import { HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { usePlatformScope, useUrlParams } from '../../../lib/url-state.ts';
import { draftOf, newDraft } from './draft.ts';
import { ExclusionForm } from './exclusion-form.tsx';
import { pageParams } from './page-params.ts';
import type { Places } from './use-places.ts';

export interface EditorProps {
  rows: readonly ExclusionView[];
  places: Places;
  onClose(): void;
}

/** The form the address asks for: empty, about a stretch of time, or about one exclusion. */
export function Editor({ rows, places, onClose }: EditorProps) {
  const { zone } = useTimeZone();
  const [platform] = usePlatformScope();
  const [values] = useUrlParams(pageParams);
  const { edit } = values;
  const existing = useExisting(rows, edit);
  const slo = places.sloOf(values.slo);
  // The objective the address names must be known first: it tells the platform.
  const isReady = places.mine.length > 0 && (values.slo === undefined || slo !== null);
  if (!isReady || edit === undefined || (edit !== 'new' && existing === null)) return null;
  const initial =
    existing === null
      ? newDraft({
          platformId: slo?.platformId ?? platform ?? onlyOne(places),
          sloId: slo?.id ?? null,
          ...stretchOf(values),
          reason: values.reason ?? '',
          timeZone: zone.name,
        })
      : draftOf(existing);
  return (
    <ExclusionForm
      key={edit}
      initial={initial}
      existing={existing}
      platforms={places.mine}
      zone={zone}
      onClose={onClose}
    />
  );
}

/**
 * The exclusion the address asks to change, as it is now. It stays when the list lets go of it, which is how a colleague's
 * withdrawal shows first: a form must not close over what somebody is typing.
 */
function useExisting(rows: readonly ExclusionView[], edit: string | undefined): ExclusionVersion | null {
  const trpc = useTRPC();
  const [held, setHeld] = useState<ExclusionVersion | null>(null);
  const listed = rows.find((row) => row.id === edit) ?? null;
  const isUnlisted = edit !== undefined && edit !== 'new' && listed === null;
  const { data: versions } = useQuery(
    trpc.slo.exclusions.versions.queryOptions({ id: edit ?? '' }, { enabled: isUnlisted, retry: false }),
  );
  const found = listed ?? (isUnlisted ? (versions?.[0] ?? null) : null);
  if (found !== null && found !== held) setHeld(found);
  return found ?? (held?.id === edit ? held : null);
}

/** The platform, where there is no choice. */
function onlyOne({ mine }: Places): string {
  return mine.length === 1 ? (mine[0]?.id ?? '') : '';
}

/** The stretch the address names; without one the next full hour. */
function stretchOf({ from, to }: { from?: string; to?: string }): { startAt: number; endAt: number } {
  const [startAt, endAt] = [Number(from), Number(to)];
  const isStretch = Number.isSafeInteger(startAt) && Number.isSafeInteger(endAt) && startAt > 0 && endAt > startAt;
  if (isStretch) return { startAt, endAt };
  const next = Math.ceil(serverNow() / HOUR_MS) * HOUR_MS;
  return { startAt: next, endAt: next + 30 * MINUTE_MS };
}
