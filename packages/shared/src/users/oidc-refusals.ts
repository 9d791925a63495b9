/** Why a browser came back from a provider without being signed in; stands in the address of the sign-in page. */
export const oidcRefusals = [
  'cancelled',
  'stale',
  'failed',
  'unavailable',
  'unknown_person',
  'refused_person',
  'invitation_over',
  'already_linked',
  'too_many',
] as const;
export type OidcRefusal = (typeof oidcRefusals)[number];

const refusalWords: Readonly<Record<OidcRefusal, string>> = {
  cancelled: 'You cancelled, or the provider did not let you in. Try again, or sign in another way.',
  stale: 'This sign-in was begun too long ago, or in another browser. Start again.',
  failed: 'What the provider sent back did not fit. Start again; if it goes on, tell an admin.',
  unavailable: 'The provider does not answer. Try again in a minute, or sign in another way.',
  unknown_person:
    'Nobody here is linked to that identity. Sign in another way and link it in your account, or ask an admin for an invitation.',
  refused_person: 'You cannot sign in now. Ask an owner or admin.',
  invitation_over: 'The invitation was used, withdrawn or has run out. Ask for a new one.',
  already_linked: 'That identity is linked to somebody already. Use another one.',
  too_many: 'Too many attempts from here. Wait a minute and try again.',
};

/** What to tell the person, or null for a text that names no refusal. */
export function oidcRefusalWords(text: string): string | null {
  const known = oidcRefusals.find((refusal) => refusal === text);
  return known === undefined ? null : refusalWords[known];
}
