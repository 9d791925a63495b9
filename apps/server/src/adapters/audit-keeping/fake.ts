import { createHash } from 'node:crypto';
import type { AuditKeeping } from './port.ts';

/** What a test may look at and spoil. */
export interface FakeKeeping extends AuditKeeping {
  written: string[];
  archives: Map<string, string>;
}

/** Keeps everything in memory. */
export function createFakeKeeping(): FakeKeeping {
  const written: string[] = [];
  const archives = new Map<string, string>();
  let pinned: string | null = null;
  const stored = (name: string): string => {
    const text = archives.get(name);
    if (text === undefined) throw new Error(`there is no archive ${name}`);
    return text;
  };
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  return {
    place: 'memory',
    written,
    archives,
    pinKey: (verifierKey) => Promise.resolve((pinned ??= verifierKey)),
    async appendNote(note) {
      written.push(`${note}\n`);
    },
    async *notes() {
      yield written.join('');
    },
    async writeArchive(name, lines) {
      let text = '';
      for await (const line of lines) text += line;
      archives.set(name, text);
      return sha256(text);
    },
    async *readArchive(name) {
      yield* stored(name).split('\n').slice(0, -1);
    },
    archiveSha256: async (name) => sha256(stored(name)),
  };
}
