import type { Mark, SloDetail } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionUser } from '../../../../lib/api.ts';
import { keeper, reader, renderSlo } from '../../test/render-slo.tsx';
import { aDetail, aSeries, marks, NOW } from '../../test/story.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  // Not every environment of the tests lays out, and so scrolls.
  Element.prototype.scrollIntoView ??= () => undefined;
  return () => vi.useRealTimers();
});

const address = '/slos/slo_hash_availability';

function open(slo: SloDetail = aDetail(), at = address, who: SessionUser = keeper) {
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  const view = renderSlo(
    at,
    (path) => {
      if (path === 'slo.alerts.events') return { data: { rows: [], nextCursor: null } };
      return { data: { slo, burnDown: aSeries() } };
    },
    who,
  );
  return { user, ...view };
}

const causes = () => screen.findByRole('table', { name: 'Cost of each cause in the budget' });
const exclusion: Mark = {
  id: 'exc_1',
  kind: 'exclusion',
  platformId: 'hashinsight',
  at: NOW - 2 * DAY_MS,
  endAt: NOW - 2 * DAY_MS + HOUR_MS,
  label: 'Maintenance',
  detail: 'Disk swap',
  severity: null,
  url: null,
  open: false,
  isDemo: false,
};
const maintained = () => {
  const plain = aDetail();
  const line = {
    mark: exclusion,
    label: 'Excluded: Disk swap',
    detail: 'Maintenance, 1 window',
    at: exclusion.at,
    endAt: exclusion.endAt,
    badEvents: 0,
    budgetRatio: 0,
    budgetMs: 0,
    excluded: { windows: 1, badEvents: 44, budgetRatio: 0.03, budgetMs: 0.03 * plain.budget.budgetMs },
  };
  return aDetail({ spend: [...plain.spend, line], marks: [...plain.marks, exclusion] });
};

describe('a cause of the budget', () => {
  it('opens beside the page with what it was and cost, and is in the address', async () => {
    const { user, address: at } = open();
    await user.click(within(await causes()).getByRole('link', { name: 'INC-2026-1003-001' }));
    const drawer = await screen.findByRole('dialog', { name: 'INC-2026-1003-001' });
    expect(at().search).toBe('?cause=incident%3AINC-2026-1003-001');
    for (const words of ['Connection pool exhausted', 'HashInsight', '3 Oct, 14:23 UTC', 'still open, 24 min so far']) {
      expect(within(drawer).getByText(words)).toBeTruthy();
    }
    expect(within(drawer).getByText('15.18 min, 70.3% of the budget, 1,040 bad events')).toBeTruthy();
    // Focus follows the drawer by a frame.
    await waitFor(() => expect(document.activeElement).toBe(drawer));
  });

  it('closes with Escape and gives the focus back to what opened it', async () => {
    const { user, address: at } = open();
    const link = within(await causes()).getByRole('link', { name: 'Deploy v1.9.0' });
    link.focus();
    await user.keyboard('{Enter}');
    await screen.findByRole('dialog');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(at().search).toBe('');
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Deploy v1.9.0'));
  });

  it('is shown from its address alone, its time on the plot', async () => {
    open(aDetail(), `${address}?cause=deploy%3Adep_v1.9.0&view=rolling`);
    expect(await screen.findByRole('dialog', { name: 'Deploy v1.9.0' })).toBeTruthy();
    expect((await screen.findAllByTestId('cause-shades')).length).toBeGreaterThan(0);
  });

  it('leads to the page of a deploy, which learns nothing of the console', async () => {
    const href = 'https://ci.example.test/runs/7';
    const known = marks.map((mark) => (mark.id === 'dep_v1.9.0' ? { ...mark, url: href } : mark));
    open(aDetail({ marks: known }), `${address}?cause=deploy%3Adep_v1.9.0`);
    const link = await screen.findByRole('link', { name: /^Open the deploy/ });
    expect(link.getAttribute('href')).toBe(href);
    expect(link.getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('lets those exclude its time who may', async () => {
    const first = open(aDetail(), `${address}?cause=incident%3AINC-2026-0919-001`);
    const way = await screen.findByRole('link', { name: 'Exclude this time' });
    expect(way.getAttribute('href')).toMatch(/^\/slos\/exclusions\?slo=slo_hash_availability&edit=new&from=\d+&to=\d+/);
    first.unmount();
    open(aDetail(), `${address}?cause=incident%3AINC-2026-0919-001`, reader);
    await screen.findByRole('dialog');
    expect(screen.queryByRole('link', { name: 'Exclude this time' })).toBeNull();
  });

  it('tells excluded time raw and adjusted, and leads to its form', async () => {
    const { user } = open(maintained());
    const row = within(await causes()).getByRole('row', { name: /Excluded: Disk swap/ });
    expect(row.textContent).toContain('raw 0.65 min, 3.0%');
    expect(row.textContent).toContain('0 min');
    await user.click(within(row).getByRole('link'));
    const drawer = await screen.findByRole('dialog', { name: 'Excluded: Disk swap' });
    expect(within(drawer).getByText('0.65 min, 3.0% of the budget, 44 bad events')).toBeTruthy();
    expect(within(drawer).getByText('0 min: it is left out of the budget')).toBeTruthy();
    expect(within(drawer).getByRole('link', { name: 'Change the exclusion' }).getAttribute('href')).toBe(
      '/slos/exclusions?slo=slo_hash_availability&edit=exc_1',
    );
  });

  it('goes from one cause to the next in one step of the history', async () => {
    const { user, address: at } = open(aDetail(), `${address}?cause=background`);
    const drawer = await screen.findByRole('dialog', { name: 'Background errors' });
    expect(within(drawer).getByText('Worst stretches')).toBeTruthy();
    await user.click(within(await causes()).getByRole('link', { name: 'INC-2026-0923-001' }));
    expect(await screen.findByRole('dialog', { name: 'INC-2026-0923-001' })).toBeTruthy();
    expect(at().search).toBe('?cause=incident%3AINC-2026-0923-001');
  });

  it('says so when the window has left it behind', async () => {
    open(aDetail(), `${address}?cause=deploy%3Adep_old`);
    expect(await screen.findByRole('dialog', { name: 'Not in this window' })).toBeTruthy();
  });

  it('is no cause when the address makes no sense', async () => {
    open(aDetail(), `${address}?cause=%3Cscript%3E`);
    await causes();
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('what is linked, and the signs in the plot', () => {
  it('lead to the same place', async () => {
    const { user } = open();
    await causes();
    const [linked] = screen.getAllByRole('link', { name: 'Deploy v1.9.5' });
    if (linked === undefined) throw new Error('nothing linked');
    await user.click(linked);
    const drawer = await screen.findByRole('dialog', { name: 'Deploy v1.9.5' });
    expect(within(drawer).getByText(/^0 min: nothing failed in it/)).toBeTruthy();
  });
});
