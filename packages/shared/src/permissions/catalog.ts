/** Every permission there is, with the sentence that names the act. Features add their own lines here. */
export const permissionCatalog = {
  'slo:read': 'See objectives, budgets and burn rates',
  'slo:write': 'Create and change objectives and their sources',
  'slo:exclude': 'Exclude maintenance from budgets',
  'slo:override': 'Let a release pass a frozen budget',
  'platforms:read': 'See which platforms exist',
  'changes:read': 'See deploys and incidents on time axes',
  'changes:write': 'Record deploys',
  'oncall:read': 'See who is on call, and when nobody is',
  'oncall:write': 'Put people on call and take them off',
  'health:read': 'See the health of each component',
  'metrics:read': 'Read the console’s own metrics',
  'audit:read': 'Read the audit log',
  'audit:verify': 'Verify the audit chain',
  'audit:export': 'Export the audit log',
  'audit:retention': 'Archive the audit log and prune what is archived',
  'api-keys:read': 'See API keys, never their secrets',
  'api-keys:write': 'Create and change API keys and their policies',
  'api-keys:rotate': 'Rotate, revoke and contain API keys',
  'api-keys:deliver': 'Let people draw a key of their own by a link',
  'keys:verify': 'Ask whether a key is valid (machines only)',
  'secrets:read': 'See which secrets are due for rotation, never their values',
  'secrets:write': 'Keep the register of secrets and record rotations',
  'users:read': 'See people and their grants',
  'users:invite': 'Invite people to roles one holds oneself',
  'users:write': 'Create people and change their profiles',
  'users:suspend': 'Suspend and reinstate people, and end their sessions',
  'users:offboard': 'End everything a person has here',
  'users:reset': 'Send people a link back in, or take their second factors off',
  'users:assign': 'Give and take roles on the platforms themselves',
  'users:import': 'Import people from a file',
  'users:export': 'Export people to a file',
  'users:policy': 'Set who must use a second factor, and which identity providers there are',
  'users:authorize': 'Ask what a person may do on a platform (machines only)',
  'roles:read': 'See roles and who holds them',
  'roles:write': 'Make and change roles',
  'roles:grant': 'Give and take roles one holds oneself',
  'approvals:read': 'See requests for approval',
  'approvals:decide': 'Approve and reject what others ask for',
  'settings:write': 'Change settings and remove the demo',
  'sli:write': 'Push measurements (machines only)',
} as const satisfies Record<string, string>;

export type Permission = keyof typeof permissionCatalog;

/** All permissions in catalog order. */
export const permissions = Object.keys(permissionCatalog) as readonly Permission[];

/**
 * What no API key ever holds, for somebody must answer for it: acts on people, their rights and their secrets, overruling a
 * frozen budget, deciding for others, and vouching for the log. Exports of people and of the log carry names and addresses out of
 * the console; who took them must be a person, so a machine that needs the log reads the archives instead.
 */
export const peopleOnly: readonly Permission[] = [
  'slo:override',
  'audit:verify',
  'audit:export',
  'audit:retention',
  'api-keys:write',
  'api-keys:rotate',
  'api-keys:deliver',
  'secrets:write',
  'oncall:write',
  'users:invite',
  'users:write',
  'users:suspend',
  'users:offboard',
  'users:reset',
  'users:assign',
  'users:import',
  'users:export',
  'users:policy',
  'roles:write',
  'roles:grant',
  'approvals:decide',
  'settings:write',
];

/** True if the text names a permission of the catalog. */
export function isPermission(text: string): text is Permission {
  return Object.hasOwn(permissionCatalog, text);
}
