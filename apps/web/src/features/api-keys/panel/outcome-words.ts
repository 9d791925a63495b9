/** Why calls were refused, as the verifier records it. */
const words: Readonly<Record<string, string>> = {
  ok: 'let in',
  revoked: 'after the key was revoked',
  rotated: 'after its rotation ended',
  expired: 'after it expired',
  pending: 'before it was drawn',
  quarantined: 'while quarantined',
  owner_suspended: 'while its person was suspended or could not do any of it',
  rate_limited: 'over the rate limit',
  address: 'from an address not on its list',
  scope: 'for a scope it lacks',
  platform: 'on another platform',
  environment: 'in another environment',
};

/** What became of calls, in words. */
export function outcomeWords(outcome: string): string {
  return words[outcome] ?? `for ${outcome.replaceAll('_', ' ')}`;
}
