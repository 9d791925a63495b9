import type { Permission } from '@qd/shared/permissions';
import { createRoleInput } from '@qd/shared/roles';
import { describeError } from '../../../lib/errors.ts';

/** A role as it is being written. */
export interface RoleDraft {
  title: string;
  description: string;
  permissions: Permission[];
  reason: string;
}

export type RoleFaults = Partial<Record<keyof RoleDraft, string>>;

const fields: readonly string[] = ['title', 'description', 'permissions', 'reason'];

function isField(name: unknown): name is keyof RoleDraft {
  return typeof name === 'string' && fields.includes(name);
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${message.endsWith('.') ? '' : '.'}`;
}

/** What is wrong with the draft, by field; the rules are those of the server. */
export function draftFaults(draft: RoleDraft): RoleFaults {
  const checked = createRoleInput.safeParse({ ...draft, base: null });
  const faults: RoleFaults = {};
  for (const issue of checked.error?.issues ?? []) {
    const [field] = issue.path;
    if (isField(field)) faults[field] ??= sentence(issue.message);
  }
  return faults;
}

/** What the server found wrong, by field. */
export function refusedFaults(error: unknown): RoleFaults {
  if (error === null) return {};
  const faults: RoleFaults = {};
  for (const { field, message } of describeError(error).fields) {
    const name = field.split('.')[0];
    if (isField(name)) faults[name] ??= message;
  }
  return faults;
}
