/** Words between the server and the worker thread that runs the embedded Postgres. Both sides import only this. */

/** What the worker is told when it starts. */
export interface WorkerStart {
  /** Folder of the cluster, or null for one that lives in memory. */
  dataDir: string | null;
  /** Tar file made by `dump` to start an in-memory cluster from, instead of initialising one. */
  templateFile: string | null;
}

export type WorkerCall =
  | { kind: 'query'; sql: string; params: unknown[]; rowMode: 'array' | 'object'; rawTypes: number[] }
  | { kind: 'exec'; sql: string }
  | { kind: 'dump'; file: string }
  | { kind: 'close' };

export type WorkerRequest = WorkerCall & { id: number };

/** Rows of one statement as PGlite returns them. */
export interface QueryResult {
  rows: unknown[];
  fields: { name: string; dataTypeID: number }[];
  affectedRows?: number;
}

/** A Postgres error that crossed the thread: its message and the fields node-postgres errors carry too. */
export interface WireError {
  message: string;
  fields: Record<string, string>;
}

export type WorkerReply =
  | { id: number; result: QueryResult | null }
  | { id: number; error: WireError }
  /** Sent once, before any reply: the cluster is open, or why it is not. */
  | { ready: true }
  | { ready: false; error: WireError };
