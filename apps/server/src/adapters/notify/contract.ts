import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Notifier, OutgoingMessage } from './port.ts';

/** How a receiver behaves: takes messages, refuses this one for good, is busy, never answers, or is not there. */
export type Behaviour = 'takes' | 'refuses' | 'busy' | 'hangs' | 'gone';

/** What a receiver got: everything a person or a machine can see of one message, as one text. */
export interface Received {
  text: string;
  /** The same for every attempt of one message; null where the channel has no such thing. */
  key: string | null;
  to: string | null;
}

export interface NotifierUnderTest {
  notifier: Notifier;
  /** A way to the same receiver that gives up soon. */
  impatient: Notifier;
  received: readonly Received[];
  /** From now on. Throws for what this receiver cannot play. */
  behave(how: Behaviour): Promise<void> | void;
  /** Texts that must not be in any error. */
  secrets: readonly string[];
  close(): Promise<void>;
}

/** A message as the queue hands it over. */
export function messageOf(over: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    key: 'slo_1.burn.1795262400000',
    to: null,
    topic: 'slo.alert_fired',
    severity: 'page',
    title: 'Checkout burns fast',
    text: 'Burning 932 times the sustainable rate over 1 h and 5 min; 2.9 % of the budget is left.',
    url: 'https://console.example.com/slos/slo_1',
    platform: 'shop',
    details: { limit: 14.4 },
    at: '2026-11-21T12:00:00.000Z',
    ...over,
  };
}

/** What every way out promises, run on each. */
export function notifierContract(name: string, open: () => Promise<NotifierUnderTest>): void {
  describe(`notify contract: ${name}`, () => {
    let under: NotifierUnderTest;
    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under.close());

    const send = (over: Partial<OutgoingMessage> = {}) => under.notifier.send(messageOf(over));
    const last = (): Received => {
      const found = under.received.at(-1);
      if (found === undefined) throw new Error('nothing was received');
      return found;
    };
    const failure = async (notifier: Notifier) =>
      notifier.send(messageOf()).then(
        () => null,
        (error: unknown) => error,
      );

    test('a message arrives once, with everything a reader needs', async () => {
      const before = under.received.length;
      await send();
      expect(under.received).toHaveLength(before + 1);
      const { title, text, url, platform } = messageOf();
      for (const part of [title, text, url, platform]) expect(last().text).toContain(part);
    });

    test('two attempts of one message can be told to be one, two messages to be two', async () => {
      const keys: (string | null)[] = [];
      for (const key of ['one', 'one', 'two']) {
        await send({ key });
        keys.push(last().key);
      }
      expect(keys[0]).toBe(keys[1]);
      if (keys[0] !== null) expect(keys[2]).not.toBe(keys[0]);
    });

    test('a message without a page or a platform arrives too', async () => {
      await send({ url: null, platform: null, severity: 'info', title: 'Quiet again' });
      expect(last().text).toContain('Quiet again');
    });

    test('odd characters arrive as characters, and end nothing', async () => {
      await send({
        title: 'Zürich 🚢\r\nBcc: evil@example.com',
        text: 'naïve “text” <!channel> & <https://x|y>\n.\nend',
      });
      expect(last().text).toContain('Zürich 🚢');
      expect(last().text).toContain('naïve “text”');
      expect(last().text).toContain('end');
      expect(last().to).not.toContain('evil@example.com');
    });

    test('long messages arrive', async () => {
      await send({ title: 't'.repeat(2_000), text: `begins ${'x'.repeat(20_000)}` });
      expect(last().text).toContain('begins');
    });

    test.each<[Behaviour, string]>([
      ['refuses', 'invalid'],
      ['busy', 'upstream'],
      ['hangs', 'upstream'],
      ['gone', 'upstream'],
    ])('a receiver that %s makes it fail as %s, and the next message arrives', async (how, code) => {
      await under.behave(how);
      const error = await failure(how === 'hangs' ? under.impatient : under.notifier);
      expect(error).toMatchObject({ name: 'DomainError', code });
      for (const secret of under.secrets) expect(String(error)).not.toContain(secret);
      await under.behave('takes');
      await send({ text: `after one that ${how}` });
      expect(last().text).toContain(`after one that ${how}`);
    });
  });
}
