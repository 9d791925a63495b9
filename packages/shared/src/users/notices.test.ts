import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hiddenCharacterAt, noticeWords, visibleText, type NoticeFacts, type NoticeTopic } from './index.ts';

const at = Date.UTC(2026, 10, 21, 14, 30);
const by = 'Ada Lovelace';
const role = { role: 'Incident commander', platform: '*' };
const reason = 'asked for in T-12';
const summary = 'Make Bob owner of all platforms';

const facts: { [T in NoticeTopic]: NoticeFacts[T] } = {
  'users.invited': { by, ...role, expiresAt: at },
  'users.invitation_accepted': { name: 'Bob', email: 'bob@example.com', ...role },
  'users.welcomed': role,
  'users.role_granted': { by, ...role, reason, expiresAt: at },
  'users.role_revoked': { by, ...role, reason },
  'users.role_changed': { by, role: 'Night watch', added: 'slo:write', removed: '', reason },
  'users.suspended': { by, reason },
  'users.reinstated': { by, reason },
  'users.offboarded': { by, reason },
  'users.keys_taken_over': { by, from: 'Bob', count: 2, keys: 'deploys, reports', reason },
  'users.password_changed': { address: '203.0.113.9' },
  'users.password_link_sent': { by, expiresAt: at },
  'users.factors_link_sent': { by, expiresAt: at },
  'users.password_reset': { address: null },
  'users.factors_reset': { address: '203.0.113.9' },
  'users.factor_added': { factor: 'The passkey “Laptop”' },
  'users.factor_removed': { factor: 'The app “Phone”' },
  'users.recovery_codes_renewed': {},
  'users.recovery_code_used': { left: 3 },
  'users.passkey_refused': { factor: 'The passkey “Laptop”' },
  'users.signed_in_on_new_device': { device: 'Firefox on Linux', address: '203.0.113.9' },
  'users.sessions_ended': { by, count: 2 },
  'users.email_changed': { by, from: 'bob@example.com', to: 'robert@example.com' },
  'users.identity_linked': { provider: 'Example ID' },
  'users.identity_unlinked': { provider: 'Example ID' },
  'api-keys.claim_sent': { by, key: 'Miner ingest', platform: 'HashInsight', expiresAt: at },
  'api-keys.claimed': {
    name: 'Bob',
    email: 'bob@example.com',
    key: 'Miner ingest',
    platform: 'HashInsight',
    address: '203.0.113.9',
  },
  'api-keys.own_claimed': { by, key: 'Miner ingest', platform: 'HashInsight', address: '203.0.113.9' },
  'oncall.slot_given': {
    by,
    role: 'primary',
    platform: 'HashInsight',
    startsAt: at,
    endsAt: at + 1,
    note: 'Bring tea',
  },
  'oncall.slot_handed_over': {
    by,
    to: 'Bob',
    role: 'primary',
    platform: 'HashInsight',
    startsAt: at,
    endsAt: at + 1,
    reason,
  },
  'oncall.slot_ended': { by, role: 'secondary', platform: 'HashInsight', startsAt: at, endsAt: at + 1, reason },
  'approvals.requested': { by, summary, reason, expiresAt: at },
  'approvals.decided': { by, summary, decision: 'reject', reason },
  'approvals.lapsed': { summary },
  'approvals.executed': { by, summary },
};
const topics = Object.keys(facts) as NoticeTopic[];

describe('notices', () => {
  it.each(topics)('%s says what happened in words a person reads', (topic) => {
    const { title, text } = noticeWords(topic, facts[topic]);
    expect(title).toMatch(/^\p{Lu}.{8,90}[^.]$/u);
    for (const line of text.split('\n')) expect(line).toMatch(/^\S.*\S$/);
    expect(`${title}${text}`).not.toMatch(/undefined|null|\[object|NaN/);
  });

  it('name who, where, why and until when', () => {
    expect(noticeWords('users.role_granted', facts['users.role_granted'])).toEqual({
      topic: 'users.role_granted',
      title: 'You are now Incident commander on all platforms',
      text: [
        'Ada Lovelace gave you the role until 2026-11-21 14:30 UTC.',
        'Reason: asked for in T-12',
        'If you did not expect this, ask an owner or admin.',
      ].join('\n'),
    });
  });

  it('keep what people typed on its own line and in sight', () => {
    const words = (typed: string) => noticeWords('users.suspended', { by: typed, reason: typed });
    const lines = words('x').text.split('\n').length;
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        const { text } = words(`a\u202e\r\n${typed}`);
        expect(text.split('\n')).toHaveLength(lines);
        for (const line of text.split('\n')) expect(hiddenCharacterAt(line)).toBeNull();
      }),
    );
  });

  it('make visible text of any text, and leave visible text alone', () => {
    expect(visibleText('می‌خواهم 👩‍🚀')).toBe('می‌خواهم 👩‍🚀');
    expect(visibleText(' a\u0000\u2066 b\nc\ud800 ')).toBe('a b c\ufffd');
  });
});
