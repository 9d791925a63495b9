import { expect, it } from 'vitest';
import { createLogger } from '../../platform/logger.ts';
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
  const fields = { notification: 'slo.alert_fired', platform: 'shop', dedupKey: messageOf().key };
  expect(lines).toEqual([
    ['warn', { ...fields, severity: 'page' }, 'Checkout burns: Fast.'],
    ['info', { ...fields, severity: 'info' }, 'Quiet: Again.'],
  ]);
});

it('the console’s own log shows by what key a message is told from others, and still hides keys in it', async () => {
  let text = '';
  const secret = `hsi_prod_key_a1B2c3D4${'Zz9'.repeat(13).slice(0, 38)}`;
  await createLogNotifier(createLogger('info', { write: (line) => (text += line) })).send(
    messageOf({ text: `Somebody wrote ${secret} here.` }),
  );
  expect(JSON.parse(text)).toMatchObject({ dedupKey: messageOf().key });
  expect(text).not.toContain(secret);
});
