import { platformRoles } from '@qd/shared/users';

/** A file of invented people that fits: one with a role, one with an account on a platform, one with neither. */
export function sampleFile(platform: string): string {
  const role = platformRoles(platform).at(-1)?.name ?? '';
  const rows = [
    ['email', 'name', 'role', 'platform', 'platform_role'],
    ['ana.ruiz@example.org', 'Ana Ruiz', 'stakeholder', platform, ''],
    ['ben.okoye@example.org', 'Ben Okoye', '', platform, role],
    ['chi.tanaka@example.org', 'Chi Tanaka', '', '', ''],
  ];
  return rows.map((row) => `${row.join(',')}\r\n`).join('');
}
