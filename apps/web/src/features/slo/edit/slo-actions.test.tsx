import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keeper, reader, renderSlo, type Reply, type Server } from '../test/render-slo.tsx';
import { aDetail, aSeries } from '../test/story.ts';

const files: string[] = [];

beforeEach(() => {
  files.length = 0;
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:test');
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue(undefined);
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(this: HTMLAnchorElement) {
    files.push(this.download);
  });
});

async function open(detail = aDetail({ isDemo: false }), who = keeper, exported: () => Reply = () => 'silence') {
  const server: Server = (path) => {
    if (path === 'slo.page') return { data: { slo: detail, burnDown: aSeries() } };
    return path === 'slo.exchange.export' ? exported() : 'silence';
  };
  renderSlo(`/slos/${detail.id}`, server, who);
  await screen.findByRole('button', { name: 'Actions' });
  return userEvent.setup();
}
const link = (name: string) => screen.queryByRole('link', { name, hidden: true })?.getAttribute('href') ?? null;
const press = (user: ReturnType<typeof userEvent.setup>, name: RegExp) =>
  user.click(screen.getByRole('button', { name, hidden: true }));

describe('what can be done with one SLO', () => {
  it('is to change, copy and compare it, for those who may', async () => {
    const { id } = aDetail();
    await open();
    expect(link('Change or archive')).toBe(`/slos/${id}/edit`);
    expect(link('Copy as a new SLO')).toBe(`/slos/new?from=${id}`);
    expect(link('Revisions')).toBe(`/slos/${id}/revisions`);
  });

  it('is to look only, for readers and for the demo', async () => {
    await open(undefined, reader);
    expect(link('Change or archive')).toBeNull();
    expect(link('Revisions')).not.toBeNull();
    expect(screen.queryByText(/tells a story/)).toBeNull();
  });

  it('says why a demo SLO stays as it is', async () => {
    await open(aDetail({ isDemo: true }));
    expect(link('Change or archive')).toBeNull();
    expect(screen.getByText('A demo SLO tells a story and cannot be changed.')).toBeTruthy();
  });

  it('takes its history and its definition elsewhere, and says when that fails', async () => {
    let exported: Reply = { code: 'upstream', message: 'The store is slow.' };
    const user = await open(undefined, keeper, () => exported);
    await press(user, /^Download budget history/);
    await waitFor(() => expect(files).toHaveLength(1));
    expect(files[0]).toMatch(/\d{4}-\d\d-\d\d\.csv$/);
    await press(user, /^Export definition/);
    expect(await screen.findByText(/Nothing was downloaded\. The store is slow\./)).toBeTruthy();
    exported = { data: { text: 'kind: SLO', count: 1 } };
    await press(user, /^Export definition/);
    await waitFor(() => expect(files[1]).toMatch(/\.yaml$/));
    expect(screen.queryByText(/Nothing was downloaded/)).toBeNull();
  });
});
