/** Where things are, and fingerprints of what they were when last used. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** Absolute path of something named from the top folder. */
export const at = (...parts) => path.join(root, ...parts);

/** Parsed JSON of a file, or null when it is absent or broken. */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Every file below the given files and folders, sorted, as absolute paths; `node_modules` and `dist` are left out. */
export function filesUnder(...starts) {
  return starts.flatMap((start) => (existsSync(start) ? walk(start) : [])).sort((a, b) => (a < b ? -1 : 1));
}

function walk(start) {
  if (!statSync(start).isDirectory()) return [start];
  return readdirSync(start, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'dist')
    .flatMap((entry) => walk(path.join(start, entry.name)));
}

/** One SHA-256 over names and contents. Contents, not times: a fresh clone and a restored cache give the same. */
export function fingerprint(files, ...extra) {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.update(JSON.stringify(extra)).digest('hex');
}

/** True if the stamp file holds this fingerprint. */
export function stampIs(file, print) {
  return existsSync(file) && readFileSync(file, 'utf8') === print;
}

/** Records a fingerprint. */
export function writeStamp(file, print) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, print);
}

/** Folders of the workspace's packages, as pnpm-workspace.yaml lists them. */
export function workspaceFolders() {
  const below = (folder) => readdirSync(at(folder), { withFileTypes: true }).map((entry) => `${folder}/${entry.name}`);
  return [...below('apps'), ...below('packages'), 'e2e', 'bench'].filter((folder) =>
    existsSync(at(folder, 'package.json')),
  );
}
