import { useCallback, useMemo } from 'react';
import { readPreference, storePreference } from './storage.ts';
import { useUrlParam } from './url-state.ts';
import { localZone, utc, type Zone, type ZoneMode } from './zone.ts';

const PREFERENCE = 'qd-tz';

/** The zone of every time on the page, from `?tz=`; UTC without it. */
export function useTimeZone(): { zone: Zone; local: Zone; setMode(mode: ZoneMode): void; toggle(): void } {
  const [param, setParam] = useUrlParam('tz');
  const local = useMemo(() => localZone(), []);
  const mode: ZoneMode = param === 'local' ? 'local' : 'utc';
  const setMode = useCallback(
    (next: ZoneMode) => {
      storePreference(PREFERENCE, next === 'local' ? 'local' : null);
      setParam(next === 'local' ? 'local' : null);
    },
    [setParam],
  );
  const toggle = useCallback(() => setMode(mode === 'utc' ? 'local' : 'utc'), [mode, setMode]);
  return { zone: mode === 'local' ? local : utc, local, setMode, toggle };
}

/** Call before the first render: writes a kept choice into the address, so that the address stays the whole truth. */
export function applyZonePreference(location: Location, history: History): void {
  const params = new URLSearchParams(location.search);
  if (params.has('tz') || readPreference(PREFERENCE) !== 'local') return;
  params.set('tz', 'local');
  history.replaceState(history.state, '', `${location.pathname}?${params}${location.hash}`);
}
