import { useSyncExternalStore } from 'react';

const query = '(max-width: 900px)';

function subscribe(onChange: () => void): () => void {
  const media = window.matchMedia?.(query);
  media?.addEventListener('change', onChange);
  return () => media?.removeEventListener('change', onChange);
}

/** True on the phone layout, where the enlarged hour stands under the window instead of beside it. */
export function useStacked(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia?.(query).matches ?? false);
}
