import { type SloSourceInput, slugOf } from '@qd/shared/slo';
import { SECOND_MS } from '@qd/shared/time';

export type NewSourceKind = SloSourceInput['kind'];

/** What was typed of a source that is not stored yet. */
export interface SourceDraft {
  /** Id of the platform, or `ANOTHER`. */
  platform: string;
  /** Name of a platform that is new here. */
  platformName: string;
  kind: NewSourceKind;
  url: string;
  intervalSeconds: number;
}

/** Stands for a platform that is not there yet. */
export const ANOTHER = '+';

const MIN_ID_CHARS = 2;
const MAX_ID_CHARS = 32;

/** Short name of the platform a source is for; of a new one it is made from the name: `My Shop` gives `my-shop`. */
export function platformOf({ platform, platformName }: SourceDraft): string {
  if (platform !== ANOTHER) return platform;
  return slugOf(platformName)
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_ID_CHARS)
    .replace(/-+$/, '');
}

/** True once everything that must be said is said. */
export function isComplete(draft: SourceDraft): boolean {
  return platformOf(draft).length >= MIN_ID_CHARS && (draft.kind === 'push' || draft.url.trim() !== '');
}

/** The draft as it is sent. */
export function sourceInputOf(draft: SourceDraft): SloSourceInput {
  return {
    platform: platformOf(draft),
    ...(draft.platform === ANOTHER && { platformName: draft.platformName.trim() }),
    kind: draft.kind,
    url: draft.kind === 'push' ? null : draft.url.trim(),
    intervalMs: draft.intervalSeconds * SECOND_MS,
  };
}
