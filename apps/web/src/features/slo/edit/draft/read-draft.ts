import type { FieldError } from '@qd/shared/errors';
import { schemaFaults, type SloDefinition, sloDefinition } from '@qd/shared/slo';
import { inputOf, labelsIn, slugIn } from './draft-input.ts';
import { DraftReader } from './draft-reader.ts';
import type { SloDraft } from './draft.ts';

/** What a form means: a definition, or the fields that keep it from being one. */
export type ReadDraft = { definition: SloDefinition; faults: [] } | { definition: null; faults: FieldError[] };

/** Reads a form by the rules of the server; faults carry the server's field names. */
export function readDraft(draft: SloDraft): ReadDraft {
  const reader = new DraftReader();
  const input = inputOf(draft, reader);
  const parsed = sloDefinition.safeParse(input);
  const judged = parsed.success ? [] : schemaFaults(parsed.error).filter(({ field }) => !isUnread(field, reader));
  const faults = [...platformFaults(draft), ...reader.faults, ...labelFaults(draft), ...named(judged, draft)];
  if (parsed.success && faults.length === 0) return { definition: parsed.data, faults: [] };
  return { definition: null, faults: onePerField(faults) };
}

/** True if a field, or a part of it, could not be read: its own fault says more than that of the whole. */
function isUnread(field: string, { faults }: DraftReader): boolean {
  return faults.some((fault) => fault.field === field || fault.field.startsWith(`${field}.`));
}

/** The form as something that can be previewed while it has no name yet. */
export function readForPreview(draft: SloDraft): ReadDraft {
  const name = draft.name.trim() === '' ? 'Preview' : draft.name;
  const slug = slugIn({ name, slug: draft.slug }) === '' ? 'preview' : draft.slug;
  return readDraft({ ...draft, name, slug });
}

function platformFaults({ platform }: SloDraft): FieldError[] {
  return platform === '' ? [{ field: 'platform', message: 'choose a platform' }] : [];
}

function labelFaults(draft: SloDraft): FieldError[] {
  const seen = new Set<string>();
  return labelsIn(draft).flatMap(({ name }): FieldError[] => {
    const known = name.trim();
    if (known === '') return [{ field: 'labels', message: 'a label needs a name' }];
    if (seen.has(known)) return [{ field: 'labels', message: `“${known}” is there twice; remove one` }];
    seen.add(known);
    return [];
  });
}

/** A slug that follows from the name fails where the name stands. */
function named(faults: readonly FieldError[], { slug, name }: SloDraft): FieldError[] {
  if (slug.trim() !== '') return [...faults];
  const message = 'needs a letter or digit, from which its address is made';
  return faults.flatMap((fault) => {
    if (fault.field !== 'slug') return [fault];
    return name.trim() === '' ? [] : [{ field: 'name', message }];
  });
}

function onePerField(faults: readonly FieldError[]): FieldError[] {
  return [...new Map([...faults].reverse().map((fault) => [fault.field, fault])).values()].reverse();
}
