import { describe, expect, it } from 'vitest';
import { credentialsInPath, shownPath } from './shown-path.ts';

const ours = `hsi_prod_key_a1B2c3D4${'Zz9'.repeat(13).slice(0, 38)}`;

describe('a path in the log', () => {
  it.each([
    '/',
    '/api/v1/keys/verify',
    '/api/performance/clear-coalescing-cache',
    '/api/v1/slos/slo_Xy7Qk2Lm9Pw3/gate',
    '/slos/checkout-latency-p99-eu-2026',
    '/keys/a1B2c3D4',
    '/assets/slo-page-B3xk29Zq.js',
    '/trpc/slo.list,apiKeys.rotationCalendar,users.directory.list',
    '/users/usr_Xy7Qk2Lm9Pw3/%C3%BCber',
  ])('says %s as it is', (path) => {
    expect(shownPath(path)).toBe(path);
    expect(credentialsInPath(path)).toEqual([]);
  });

  it.each([
    ['/api/v1/slos/sk_live_51HxQ2eKZvKYlo2Cq8Rt', '/api/v1/slos/…'],
    ['/api/v1/slos/9f86d081884c7d659a2feaa0c55ad015/gate', '/api/v1/slos/…/gate'],
    ['/nothing/123e4567-e89b-12d3-a456-426614174000', '/nothing/…'],
    ['/trpc/xK9mQ2vT7pL4wR8nZ3cB', '/trpc/…'],
    ['/x/AKIA%49OSFODNN7EXAMPLE99Q8', '/x/…'],
    [`/${ours}`, '/hsi_prod_key_a1B2c3D4…'],
    [`/${ours.replaceAll('_', '%5F')}/x`, '/hsi_prod_key_a1B2c3D4…/x'],
    [`/${ours}:xK9mQ2vT7pL4wR8nZ3cB`, '/…'],
    ['/%E0%A4%A/xK9mQ2vT7pL4wR8nZ3cB', '/%E0%A4%A/…'],
  ])('hides what may be a credential: %s', (path, shown) => {
    expect(shownPath(path)).toBe(shown);
  });

  it('names what may be a key made elsewhere', () => {
    expect(credentialsInPath('/api/v1/slos/xK9mQ2vT7pL4wR8nZ3c%42/gate')).toEqual(['xK9mQ2vT7pL4wR8nZ3cB']);
    expect(credentialsInPath(`/api/v1/slos/${ours}`)).toEqual([]);
  });

  it('is short', () => {
    expect(shownPath(`/${'a/'.repeat(8_000)}`)).toHaveLength(200);
  });
});
