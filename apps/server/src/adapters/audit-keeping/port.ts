/** Where the audit log is vouched for outside the database. What is there is added to and never rewritten. */
export interface AuditKeeping {
  /** Where that is, in words people can look it up by. */
  readonly place: string;
  /** Keeps the verifier key of this console; the first one stays. Gives the one that is kept. */
  pinKey(verifierKey: string): Promise<string>;
  /** Adds a signed checkpoint, on durable storage when this returns. */
  appendNote(note: string, at: Date): Promise<void>;
  /** Everything that was added, in pieces that hold whole notes. */
  notes(): AsyncIterable<string>;
  /** Stores lines, each with its end, compressed, under a name of `a-z 0-9 . -`; gives the SHA-256 (hex) of what is stored. */
  writeArchive(name: string, lines: AsyncIterable<string>): Promise<string>;
  /** The lines of an archive without their ends. Throws when there is none or it cannot be unpacked. */
  readArchive(name: string): AsyncIterable<string>;
  /** SHA-256 (hex) of what is stored under a name. Throws when there is nothing. */
  archiveSha256(name: string): Promise<string>;
}
