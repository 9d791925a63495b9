import { useEffect, useState } from 'react';
import { useNow } from '../../lib/clock.ts';
import type { Failure } from '../../lib/errors.ts';

/** Seconds until another try makes sense, counted down; 0 when there is nothing to wait for. */
export function useWaitSeconds(failure: Failure | null): number {
  const now = useNow(1_000);
  const [until, setUntil] = useState(0);
  const seconds = failure?.retryAfterSeconds ?? 0;
  useEffect(() => {
    if (failure !== null && seconds > 0) setUntil(Date.now() + seconds * 1_000);
  }, [failure, seconds]);
  // The ticking value only makes the component draw again: the wait is this machine's own.
  return now > 0 ? Math.max(0, Math.ceil((until - Date.now()) / 1_000)) : 0;
}
