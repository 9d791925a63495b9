import { expect, it, vi } from 'vitest';
import { createKeyNotes } from './refusal-notes.ts';

/** Notes over a database that answers nothing. */
function notesOver(transaction: () => Promise<unknown>) {
  const log = { error: vi.fn(), warn: vi.fn() };
  const now = () => new Date(Date.UTC(2026, 9, 1));
  const hub = { publish: vi.fn() };
  const notes = createKeyNotes({ db: { transaction }, hub, now, log } as never);
  const entry = { action: 'api-keys.verified', category: 'authentication', details: { reason: 'revoked' } } as const;
  const from = { address: '192.0.2.1', requestId: 'req' };
  const note = (id: string) => notes.note({ key: { id, name: id, platform: 'hashinsight' } }, from, entry);
  return { notes, note, log };
}

it('waits for no database, and stores each refusal once', async () => {
  const transaction = vi.fn(() => Promise.resolve());
  const { notes, note } = notesOver(transaction);
  for (const id of ['a', 'b', 'a']) note(id);
  expect(transaction).not.toHaveBeenCalled();
  await notes.flush();
  expect(transaction).toHaveBeenCalledTimes(2);
  await notes.flush();
  expect(transaction).toHaveBeenCalledTimes(2);
});

it('keeps no more than 500 waiting, says how many it left out, and takes those again later', async () => {
  const { notes, note, log } = notesOver(() => Promise.reject(new Error('down')));
  for (let i = 0; i < 503; i += 1) note(`key${i}`);
  await notes.flush();
  expect(log.error).toHaveBeenCalledTimes(500);
  expect(log.warn).toHaveBeenCalledWith({ notes: 3 }, expect.any(String));
  note('key502');
  await notes.flush();
  expect(log.error).toHaveBeenCalledTimes(501);
  expect(log.warn).toHaveBeenCalledTimes(1);
});
