const titles: Readonly<Record<string, string>> = {
  slo: 'Objectives',
  platforms: 'Platforms',
  changes: 'Deploys and incidents',
  oncall: 'On call',
  health: 'Health',
  metrics: 'Metrics',
  audit: 'Audit log',
  'api-keys': 'API keys',
  keys: 'API keys of other platforms',
  secrets: 'Secrets',
  users: 'People',
  roles: 'Roles',
  approvals: 'Approvals',
  settings: 'Settings',
};

/** Name of a feature above its permissions; its own word where it has no other name. */
export function featureTitle(feature: string): string {
  return titles[feature] ?? feature;
}

/** The feature of a permission: `slo` of `slo:read`. */
export function featureOf(permission: string): string {
  return permission.split(':')[0] ?? permission;
}

/** Permissions by feature, both in the order given. */
export function byFeature<P extends string>(permissions: readonly P[]): { feature: string; permissions: P[] }[] {
  const features = [...new Set(permissions.map(featureOf))];
  return features.map((feature) => ({
    feature,
    permissions: permissions.filter((permission) => featureOf(permission) === feature),
  }));
}
