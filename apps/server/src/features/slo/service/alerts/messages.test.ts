import type { AlertEvent } from '@qd/shared/slo';
import { describe, expect, it } from 'vitest';
import { messagesOf, type ToldEvent } from './messages.ts';

const at = Date.UTC(2026, 10, 21, 12);

function told(i: number, over: Partial<AlertEvent> = {}): ToldEvent {
  const event: AlertEvent = {
    id: `slo_${i}.burn.${at}`,
    sloId: `slo_${i}`,
    sloName: `Objective ${i}`,
    platformId: 'shop',
    kind: 'burn',
    transition: 'fired',
    severity: 'page',
    tier: 'fast',
    at,
    firedAt: at,
    summary: 'Burning 932 times the sustainable rate.',
    isDemo: false,
    ...over,
  };
  return { event, details: { limit: 14.4 }, platformName: 'Shop' };
}

const to = { channels: ['slack'], publicUrl: 'https://console.example.com' };
const many = (count: number, over: Partial<AlertEvent> = {}): ToldEvent[] =>
  Array.from({ length: count }, (_, i) => told(i, over));

describe('messages about alerts', () => {
  it('name the objective, its platform, the figures and the page', () => {
    expect(messagesOf([told(1)], to)).toEqual([
      {
        channels: ['slack'],
        dedupKey: `slo_1.burn.${at}`,
        body: {
          topic: 'slo.alert_fired',
          severity: 'page',
          title: 'Objective 1 burns its budget (Shop)',
          text: 'Burning 932 times the sustainable rate.',
          url: 'https://console.example.com/slos/slo_1',
          platform: 'shop',
          details: {
            event: `slo_1.burn.${at}`,
            sloId: 'slo_1',
            sloName: 'Objective 1',
            kind: 'burn',
            transition: 'fired',
            tier: 'fast',
            severity: 'page',
            firedAt: at,
            limit: 14.4,
          },
          at: '2026-11-21T12:00:00.000Z',
        },
      },
    ]);
  });

  it('lead nowhere when nobody knows where the console is', () => {
    expect(messagesOf([told(1)], { ...to, publicUrl: null })[0]?.body.url).toBeNull();
  });

  it.each([
    ['fired', 'ticket', 'ticket'],
    ['escalated', 'page', 'page'],
    ['eased', 'page', 'info'],
    ['frozen', 'page', 'info'],
    ['thawed', 'page', 'info'],
    ['resolved', 'page', 'info'],
  ] as const)('an alert that %s as a %s is told as %s', (transition, severity, said) => {
    expect(messagesOf([told(1, { transition, severity })], to)[0]?.body.severity).toBe(said);
  });

  it('of up to three alike stand alone, of more become one that names ten', () => {
    expect(messagesOf(many(3), to)).toHaveLength(3);
    const [message, ...rest] = messagesOf(many(12), to);
    expect(rest).toEqual([]);
    expect(message?.dedupKey).toBe(`shop.burn.fired.${at}`);
    expect(message?.body.title).toBe('12 objectives of Shop: each burns its budget');
    expect(message?.body.text.split('\n')).toHaveLength(11);
    expect(message?.body.text).toContain('and 2 more');
    expect(message?.body.details['sloIds']).toHaveLength(12);
  });

  it('of platforms, kinds or transitions that differ are not thrown together', () => {
    const mixed = [...many(4), ...many(4, { transition: 'resolved' }), ...many(4, { platformId: 'bank' })];
    expect(messagesOf(mixed, to)).toHaveLength(3);
  });

  it('a page among many alike makes the message a page', () => {
    const mixed = [...many(4, { severity: 'ticket' }), told(9)];
    expect(messagesOf(mixed, to)[0]?.body.severity).toBe('page');
  });
});
