import { DAY_MS } from '@qd/shared/time';
import { nameAt } from './people.ts';

/** What people look for, and how. */
export interface Search {
  what: string;
  /** Input of the list, as the screen sends it. */
  input(i: number): Record<string, unknown>;
}

/** The i-th of each kind looks for somebody else than the one before. */
export const searches: readonly Search[] = [
  { what: 'a whole address', input: (i) => ({ text: nameAt(i).email }) },
  {
    what: 'two parts of a name, in the other order',
    input: (i) => ({ text: `${nameAt(i).last} ${nameAt(i).first}`.toLowerCase() }),
  },
  { what: 'part of an address', input: (i) => ({ text: nameAt(i).email.slice(3, 14) }) },
  { what: 'a word thousands have', input: (i) => ({ text: nameAt(i).last }) },
  { what: 'a word everybody has', input: () => ({ text: 'example' }) },
  { what: 'two letters', input: (i) => ({ text: nameAt(i).first.slice(0, 2) }) },
  { what: 'nobody', input: (i) => ({ text: `nobody${i}` }) },
  { what: 'the name of a role', input: () => ({ text: 'support' }) },
  { what: 'a role of the console', input: () => ({ role: 'auditor', platform: 'hashinsight' }) },
  { what: 'a role on a platform', input: () => ({ platform: 'hashinsight', platformRole: 'broker' }) },
  { what: 'who is suspended', input: () => ({ state: 'suspended' }) },
  { what: 'seen in a day', input: (i) => ({ seenFrom: Date.now() - ((i % 30) + 1) * DAY_MS, sort: 'lastSeen' }) },
  { what: 'the first page by name', input: () => ({ sort: 'name' }) },
  { what: 'the first page by last seen', input: () => ({ sort: 'lastSeen' }) },
  { what: 'who needs a look', input: () => ({ attention: 'any' }) },
];
