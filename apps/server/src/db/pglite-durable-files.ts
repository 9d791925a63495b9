import { closeSync, fsyncSync, openSync } from 'node:fs';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** The part of Emscripten's file system over Node's that is used here. */
interface NodeFiles {
  stream_ops: { fsync?(stream: { nfd?: number | null; node: unknown }): number };
  realPath(node: unknown): string;
}

/**
 * Files of a cluster on disk whose `fsync` reaches the disk. The build of Emscripten that PGlite ships leaves that call
 * out, so that Postgres believes its log is safe while it is only in the system's memory: a crash of the process would
 * lose nothing, a power cut could.
 */
export function durableFiles(dataDir: string): NodeFS {
  const files = new NodeFS(dataDir);
  const init = files.init.bind(files);
  files.init = async (pg, options) => {
    const made = await init(pg, options);
    const preRun = [made.emscriptenOpts.preRun ?? []].flat();
    made.emscriptenOpts.preRun = [...preRun, (module: unknown) => syncFor((module as { NODEFS: NodeFiles }).NODEFS)];
    return made;
  };
  return files;
}

function syncFor(files: NodeFiles): void {
  files.stream_ops.fsync = (stream) => {
    if (typeof stream.nfd === 'number') fsyncSync(stream.nfd);
    else syncFolder(files.realPath(stream.node));
    return 0;
  };
}

/** Emscripten opens no descriptor for a folder; the names in it must reach the disk too. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
