/** The token of a one-time link. It stays behind the #, which browsers never send to a server. */
export function tokenOf(hash: string): string | null {
  const token = decodeURIComponent(hash.replace(/^#/, '')).replace(/^token=/, '');
  return token === '' ? null : token;
}
