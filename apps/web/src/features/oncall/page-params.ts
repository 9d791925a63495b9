/** What the address of the page holds: which slots, and the form. */
export const pageParams = ['show', 'new'] as const;

/** Slots to come and of today, or those of the last 30 days. */
export type Show = 'coming' | 'past';

export function showOf(text: string | undefined): Show {
  return text === 'past' ? 'past' : 'coming';
}
