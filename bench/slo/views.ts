import type { Client } from '../http/client.ts';

/** One view of a page: everything it asks for at once, each answer parsed. */
export function view(client: Client, paths: readonly string[]): Promise<unknown[]> {
  return Promise.all(paths.map((path) => client.json(path)));
}
