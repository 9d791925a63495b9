import type { SloDefinition, SloPreview } from '@qd/shared/slo';
import { useCallback, useEffect, useRef, useState } from 'react';
import { usePreviewMutation } from '../../use-slo-mutations.ts';

/** A preview reads thirty days from the source: it waits until the typing pauses. */
const PAUSE_MS = 1_200;
export const PREVIEW_DAYS = 30;

export interface PreviewState {
  /** The last that worked, however old. */
  preview: SloPreview | null;
  /** True if that is of the form as it stands. */
  isCurrent: boolean;
  isRunning: boolean;
  /** Why the form as it was last tried could not be previewed. */
  error: unknown;
  /** Asks at once; while one runs, after it. */
  refresh(): void;
}

/** What of a definition a preview depends on; names and words do not matter to it. */
export function previewKey({ platform, sourceId, indicator, targetPercent, ...rest }: SloDefinition): string {
  const { windows, cautionRatio, freezeRatio, alerting, exclusionMode } = rest;
  const parts = [platform, sourceId, indicator, targetPercent, windows, cautionRatio, freezeRatio, alerting];
  return JSON.stringify([...parts, exclusionMode]);
}

interface Done {
  key: string;
  preview: SloPreview;
}

/**
 * Previews what is defined, by itself when the typing pauses and on request. One at a time: what changes meanwhile is
 * asked for when the running one is done. Null while there is nothing that can be previewed.
 */
export function usePreview(definition: SloDefinition | null): PreviewState {
  const { mutateAsync } = usePreviewMutation();
  const key = definition === null ? null : previewKey(definition);
  const [done, setDone] = useState<Done | null>(null);
  const [failed, setFailed] = useState<{ key: string; error: unknown } | null>(null);
  const [running, setRunning] = useState<string | null>(null);
  const [wanted, setWanted] = useState(false);
  const latest = useRef(definition);
  useEffect(() => {
    latest.current = definition;
  });

  const run = useCallback(
    async (asked: string) => {
      if (latest.current === null) return;
      setRunning(asked);
      setWanted(false);
      try {
        const preview = await mutateAsync({ definition: latest.current, days: PREVIEW_DAYS });
        setDone({ key: asked, preview });
        setFailed(null);
      } catch (error) {
        setFailed({ key: asked, error });
      } finally {
        setRunning(null);
      }
    },
    [mutateAsync],
  );

  const isKnown = key === null || key === done?.key || key === failed?.key;
  useEffect(() => {
    if (key === null || running !== null || (isKnown && !wanted)) return undefined;
    const timer = setTimeout(() => void run(key), wanted ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key, isKnown, running, wanted, run]);

  return {
    preview: done?.preview ?? null,
    isCurrent: done !== null && done.key === key,
    isRunning: running !== null,
    error: failed !== null && failed.key === key ? failed.error : null,
    refresh: () => setWanted(true),
  };
}
