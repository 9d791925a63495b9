import { DomainError } from '@qd/shared/errors';
import { schemaFaults } from '@qd/shared/slo';
import type { z } from 'zod';

/** Checks what was typed; throws `invalid` with every fault named. */
export function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid', 'This does not fit:', { fields: schemaFaults(parsed.error), cause: parsed.error });
}
