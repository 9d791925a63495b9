/**
 * A feature is one word in every place: shared rules, server room, tables, web room, permissions, audit actions. Fails on
 * a name that is not one of the words, on a web room without a server room, and on a place in which nothing was seen.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { at, filesUnder, root } from '../run/places.mjs';
import { machinePrefixes, misspelt, places, words } from './words.mjs';

const faults = [];
const seen = new Map(places.map(({ name, folder }) => [name, namesIn(at(folder))]));

function namesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((entry) => entry.replace(/(\.test)?\.tsx?$/, ''));
}

function expectWord(name, where, also) {
  if (words.includes(name) || also.includes(name)) return;
  const meant = misspelt(name);
  faults.push(`${where}: "${name}" is not a word of the product${meant ? `, write "${meant}"` : ''}`);
}

for (const { name: where, folder, also } of places) {
  const names = seen.get(where);
  if (names.length === 0) faults.push(`${where}: nothing was seen under ${folder}`);
  for (const name of names) expectWord(name, where, also);
}

for (const name of seen.get('web features')) {
  if (words.includes(name) && !seen.get('server features').includes(name)) {
    faults.push(`web features: "${name}" has no room on the server`);
  }
}

/** First group of every match in the files, with the file it stands in. */
function matches(files, pattern) {
  return files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, found]) => ({ found, file: path.relative(root, file) })),
  );
}

const catalog = matches([at('packages/shared/src/permissions/catalog.ts')], /^\s*'([\w-]+):[\w-]+':/gm);
if (catalog.length === 0) faults.push('permissions: none was seen in the catalog');
for (const { found } of catalog) expectWord(found, 'permissions', machinePrefixes);

const serverFiles = filesUnder(at('apps/server/src')).filter((file) => /(?<!\.test)\.ts$/.test(file));
for (const { found, file } of matches(serverFiles, /\baction:\s*'([\w-]+)\.[\w.-]+'/g)) {
  expectWord(found.replaceAll('_', '-'), `audit action in ${file}`, []);
}

for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);
const count = [...seen.values()].flat().length + catalog.length;
console.log(`${count} names agree on ${words.length} words`);
