/** The words of the product, one for each feature, and the few names that belong to no feature. */

export const words = [
  'api-keys',
  'approvals',
  'audit',
  'backups',
  'caches',
  'changes',
  'coalescing',
  'databases',
  'health',
  'incidents',
  'oncall',
  'platforms',
  'roles',
  'schedules',
  'secrets',
  'settings',
  'slo',
  'status',
  'users',
];

/** Places where a feature has its name, and what else may stand there. */
export const places = [
  { name: 'shared', folder: 'packages/shared/src', also: ['errors', 'paging', 'permissions', 'time'] },
  { name: 'server features', folder: 'apps/server/src/features', also: [] },
  { name: 'tables', folder: 'apps/server/src/db/schema', also: ['index', 'bytea', 'jobs', 'notifications'] },
  { name: 'web features', folder: 'apps/web/src/features', also: ['session'] },
];

/** Permission prefixes that are no feature: the machine's side of `api-keys`, `health` and `slo`. */
export const machinePrefixes = ['keys', 'metrics', 'sli'];

/** What the features' names must not be: the same word written otherwise. */
export function misspelt(name) {
  const plain = name.replaceAll(/[-_]/g, '').replace(/s$/, '').toLowerCase();
  return words.find((word) => word.replaceAll('-', '').replace(/s$/, '') === plain);
}
