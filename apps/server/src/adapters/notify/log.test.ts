import { expect, it } from 'vitest';
import { messageOf } from './contract.ts';
import { createLogNotifier } from './log.ts';

it('the log gets urgent messages as warnings, the others as information, with what a search needs', async () => {
  const lines: [string, object, string][] = [];
  const notifier = createLogNotifier({
    warn: (fields, words) => void lines.push(['warn', fields, words]),
    info: (fields, words) => void lines.push(['info', fields, words]),
  });
  await notifier.send(messageOf({ title: 'Checkout burns', text: 'Fast.' }));
  await notifier.send(messageOf({ severity: 'info', title: 'Quiet', text: 'Again.' }));
  const fields = { notification: 'slo.alert_fired', platform: 'shop', key: messageOf().key };
  expect(lines).toEqual([
    ['warn', { ...fields, severity: 'page' }, 'Checkout burns: Fast.'],
    ['info', { ...fields, severity: 'info' }, 'Quiet: Again.'],
  ]);
});
