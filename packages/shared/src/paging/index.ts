import { z } from 'zod';

export const MAX_PAGE_SIZE = 200;

/** Keyset page request: an opaque cursor from the page before, and a bounded size. */
export const pageInput = z.object({
  cursor: z
    .string()
    .max(200)
    .refine((text) => !text.includes('\0'), 'is not a marker of a list')
    .optional(),
  limit: z.number().int().min(1).max(MAX_PAGE_SIZE).default(50),
  /** What a growing list in the browser sends along; pages are only ever read onwards. */
  direction: z.literal('forward').optional(),
});

/** One page of rows; `nextCursor` is null on the last. */
export interface Page<T> {
  rows: T[];
  nextCursor: string | null;
}
