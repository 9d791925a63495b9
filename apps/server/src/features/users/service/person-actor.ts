import type { Actor } from '../../../platform/context.ts';

/** A person as the one who acts, outside a session and without rights of their own: those are asked for where they matter. */
export function personActor(
  person: { id: string; email: string | null; name: string },
  address: string | null = null,
): Actor {
  const { id, email, name } = person;
  return { kind: 'user', id, email, name, role: null, grants: [], sessionId: null, address };
}
