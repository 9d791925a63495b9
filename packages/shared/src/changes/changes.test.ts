import { describe, expect, it } from 'vitest';
import { deployInput, deployMark, incidentMark } from './index.ts';

const at = new Date('2026-05-20T10:00:00Z');
const deploy = {
  id: 'dep_1',
  platformId: 'shop',
  service: 'web',
  version: 'v2',
  summary: '',
  at,
  settledAt: null,
  actor: 'ines',
  url: null,
  isDemo: false,
};

describe('marks', () => {
  it('let a deploy settle for 30 minutes unless it was said when it had', () => {
    expect(deployMark(deploy)).toMatchObject({
      label: 'Deploy v2',
      detail: 'web by ines',
      endAt: at.getTime() + 1_800_000,
    });
    const settledAt = new Date('2026-05-20T10:40:00Z');
    expect(deployMark({ ...deploy, settledAt, summary: 'Coalescing' })).toMatchObject({
      detail: 'Coalescing',
      endAt: settledAt.getTime(),
      open: false,
    });
  });

  it('lead to the page of a deploy, and to nothing that could run code', () => {
    expect(deployMark({ ...deploy, url: 'https://ci.example.test/42' }).url).toBe('https://ci.example.test/42');
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'not an address']) {
      expect(deployMark({ ...deploy, url }).url).toBeNull();
    }
  });

  it('keep an incident open until it is resolved', () => {
    const incident = { id: 'INC-1', platformId: 'shop', severity: 'P1', title: 'Down', startedAt: at, isDemo: true };
    expect(incidentMark({ ...incident, resolvedAt: null })).toMatchObject({ open: true, endAt: null, label: 'INC-1' });
    expect(incidentMark({ ...incident, resolvedAt: at })).toMatchObject({ open: false, endAt: at.getTime() });
  });
});

describe('the body of a deploy', () => {
  const body = { platform: 'shop', service: 'web', version: 'v2', at: '2026-05-20T12:00:00+02:00' };

  it('takes times with a zone, or milliseconds', () => {
    expect(deployInput.parse(body).at).toBe(at.getTime());
    expect(deployInput.parse({ ...body, at: at.getTime() }).at).toBe(at.getTime());
  });

  it.each([
    { at: '2026-05-20' },
    { at: 1.5 },
    { version: '' },
    { platform: 'Shop!' },
    { url: 'ftp://x' },
    { extra: 1 },
  ])('refuses %o', (fault) => {
    expect(deployInput.safeParse({ ...body, ...fault }).success).toBe(false);
  });
});
