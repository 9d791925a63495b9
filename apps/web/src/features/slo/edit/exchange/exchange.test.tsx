import type { ImportReport } from '@qd/shared/slo';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { reader, renderSlo } from '../../test/render-slo.tsx';
import { aRow, NOW } from '../../test/story.ts';
import { shopServer } from '../test/story.ts';

const rows = [aRow({ id: 'a', name: 'Availability' }), aRow({ id: 'b', name: 'Latency' })];
const list = { 'slo.list': { data: { rows, asOf: NOW } } };
const report = (over: Partial<ImportReport> = {}): ImportReport => ({
  isStored: false,
  documents: [
    {
      document: 1,
      line: 1,
      kind: 'SLO',
      name: 'orders',
      outcome: 'created',
      objectives: [{ slug: 'orders', platform: 'shop', id: 'slo_9', outcome: 'created' }],
      reason: '',
    },
  ],
  faults: [],
  warnings: [],
  ...over,
});

const saved: { name: string; text: Promise<string> }[] = [];

/** jsdom's files cannot be read by `text()`. */
function textOf(blob: Blob): Promise<string> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result : '');
    reader.readAsText(blob);
  });
}

function aFile(content: string, name: string): File {
  return Object.assign(new File([content], name), { text: () => Promise.resolve(content) });
}

beforeEach(() => {
  saved.length = 0;
  let last: Blob | null = null;
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    last = blob instanceof Blob ? blob : null;
    return 'blob:test';
  });
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue(undefined);
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(this: HTMLAnchorElement) {
    saved.push({ name: this.download, text: last === null ? Promise.resolve('') : textOf(last) });
  });
});

async function open(answers: Parameters<typeof shopServer>[0], item: string, address = '/slos') {
  const user = userEvent.setup();
  const shop = shopServer({ ...list, ...answers });
  const view = renderSlo(address, shop.server);
  await user.click(await screen.findByRole('button', { name: 'Export or import' }));
  await user.click(await screen.findByRole('menuitem', { name: item }));
  return { user, ...shop, ...view };
}

describe('export', () => {
  it('shows the documents of what is on screen, in both formats, and hands them over as a file', async () => {
    const { user, inputsOf } = await open(
      { 'slo.exchange.export': { data: { text: 'kind: SLO\n', count: 1 } } },
      'Export SLOs',
      '/slos?q=avail',
    );
    const dialog = await screen.findByRole('dialog', { name: 'Export SLOs' });
    expect(await within(dialog).findByLabelText('1 SLO')).toHaveProperty('value', 'kind: SLO\n');
    await user.click(within(dialog).getByRole('radio', { name: 'JSON' }));
    await within(dialog).findByLabelText('1 SLO');
    expect(inputsOf('slo.exchange.export')).toEqual([
      { format: 'yaml', ids: ['a'] },
      { format: 'json', ids: ['a'] },
    ]);
    await user.click(within(dialog).getByRole('button', { name: 'Download' }));
    expect(saved[0]?.name).toMatch(/^slos-all-\d{4}-\d\d-\d\d\.json$/);
    expect(await saved[0]?.text).toBe('kind: SLO\n');
  });

  it('says why it failed', async () => {
    await open({ 'slo.exchange.export': { code: 'upstream', message: 'The store is slow.' } }, 'Export SLOs');
    expect(await screen.findByText('The export did not load.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Download' }).getAttribute('aria-disabled')).toBe('true');
  });
});

it('downloads the list as CSV, as it is shown', async () => {
  await open({}, 'Download the list as CSV', '/slos?q=laten');
  const lines = (await saved[0]?.text)?.trim().split('\r\n') ?? [];
  expect(saved[0]?.name).toMatch(/\.csv$/);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(',Latency,b,');
});

describe('import', () => {
  const paste = async (user: ReturnType<typeof userEvent.setup>, text: string) => {
    await user.click(await screen.findByLabelText('Documents'));
    await user.paste(text);
    await user.click(screen.getByRole('button', { name: 'Inspect' }));
  };

  it('names document, line and field of what is wrong, and takes nothing', async () => {
    const faults = [{ document: 2, line: 14, field: 'spec.objectives[0].target', message: 'must be under 1' }];
    const { user, inputsOf } = await open({ 'slo.exchange.inspect': { data: report({ faults }) } }, 'Import SLOs');
    await paste(user, 'kind: SLO');
    expect(await screen.findByText('One thing is to be put right. Nothing was stored.')).toBeTruthy();
    expect(screen.getByText('Document 2, line 14, spec.objectives[0].target')).toBeTruthy();
    expect(screen.getByText('Must be under 1.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Import SLOs' }));
    expect(inputsOf('slo.exchange.import')).toEqual([]);
  });

  it('says what it would do, then does it and leads to it', async () => {
    const { user, inputsOf } = await open(
      {
        'slo.exchange.inspect': { data: report() },
        'slo.exchange.import': { data: report({ isStored: true }) },
      },
      'Import SLOs',
    );
    await paste(user, 'kind: SLO');
    expect(await screen.findByText('Ready: 1 to create.')).toBeTruthy();
    await user.selectOptions(screen.getByLabelText('Platform'), 'shop');
    expect(screen.queryByText('Ready: 1 to create.')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Inspect' }));
    await screen.findByText('Ready: 1 to create.');
    await user.click(screen.getByRole('button', { name: 'Import SLOs' }));
    expect(await screen.findByText('Done: 1 created.')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Open orders' }).getAttribute('href')).toBe('/slos/slo_9');
    expect(inputsOf('slo.exchange.import')).toEqual([{ text: 'kind: SLO', platform: 'shop' }]);
  });

  it('refuses a file over 1 MB before it is read, and takes a smaller one', async () => {
    const { user } = await open({ 'slo.exchange.inspect': { data: report() } }, 'Import SLOs');
    const field = await screen.findByLabelText('Or a file, up to 1 MB');
    await user.upload(field, aFile('x'.repeat(1_000_001), 'big.yaml'));
    expect(await screen.findByText(/big\.yaml is over 1 MB/)).toBeTruthy();
    await user.upload(field, aFile('kind: SLO', 'small.yaml'));
    await waitFor(() => expect(screen.getByLabelText('Documents')).toHaveProperty('value', 'kind: SLO'));
    expect(screen.queryByText(/over 1 MB/)).toBeNull();
  });
});

it('offers those who may only look neither import nor a new SLO', async () => {
  const user = userEvent.setup();
  renderSlo('/slos', shopServer(list).server, reader);
  await user.click(await screen.findByRole('button', { name: 'Export or import' }));
  expect(await screen.findByRole('menuitem', { name: 'Export SLOs' })).toBeTruthy();
  expect(screen.queryByRole('menuitem', { name: 'Import SLOs' })).toBeNull();
  expect(screen.queryByRole('link', { name: 'New SLO' })).toBeNull();
});
