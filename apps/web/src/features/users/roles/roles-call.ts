import type { RoleMatrix } from '@qd/shared/roles';

/** A clause of the page's sentence. */
export interface Clause {
  tone: 'none' | 'warn';
  text: string;
}

const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);

/** How many roles there are, who holds the widest, and which nobody holds. */
export function rolesCall({ roles }: Pick<RoleMatrix, 'roles'>): Clause[] {
  const made = roles.filter((role) => !role.isBuiltIn).length;
  const owners = roles.find((role) => role.id === 'owner')?.holders ?? 0;
  const unheld = roles.filter((role) => role.holders === 0).length;
  const first =
    made === 0 ? `${roles.length} roles, all of them built in.` : `${roles.length} roles, ${made} made here.`;
  const all = owners === 1 ? 'Only 1 person is owner' : `${people(owners)} are owners`;
  const rest = unheld === 0 ? ', and every role is held.' : `, and nobody holds ${unheld} of them.`;
  return [
    { tone: 'none', text: first },
    { tone: owners <= 1 ? 'warn' : 'none', text: all },
    { tone: 'none', text: rest },
  ];
}
