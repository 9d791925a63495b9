/**
 * What a browser must load before a screen works, in KiB of gzip (scripts and styles), held against the limits of the
 * product. A screen is a chunk of its own named `*-page.tsx`. First load is the entry, the frame around the screens and
 * every chunk on the way to the page, with all they import at once; in total adds what the page itself loads later
 * (charts, editors). Reads the manifest that Vite writes.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { at, readJson } from './run/places.mjs';

const dist = at('apps/web/dist');
const totalLimitKib = 275;
const frame = /\/app\/shell\/shell\.tsx$/;
const page = /\/([\w-]+)-page\.tsx$/;
/** Screens with a limit of their own on the first load, and those that stand outside the frame. */
const firstLimitsKib = { 'sign-in': 112, overview: 170 };
const unframed = ['sign-in', 'welcome', 'invite', 'reset'];

const manifest =
  readJson(`${dist}/.vite/manifest.json`) ?? fail('No manifest under apps/web/dist: build the web first.');
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry) ?? fail('The manifest names no entry.');
const nameOf = (key) => page.exec(`/${manifest[key].src ?? key}`)?.[1];
const isFrame = (key) => frame.test(`/${manifest[key].src ?? key}`);
const lazyOf = (key) => manifest[key].dynamicImports ?? [];

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Keys of the chunks and all they import at once. */
function closure(keys, seen = new Set()) {
  for (const key of keys) {
    if (seen.has(key)) continue;
    seen.add(key);
    closure(manifest[key].imports ?? [], seen);
  }
  return seen;
}

/** Chunks that become loadable by dynamic import once these are there, and were not loadable before. */
function openedBy(key, loaded) {
  const before = closure(loaded);
  const fresh = [...closure([key])].filter((one) => !before.has(one));
  return [...new Set(fresh.flatMap(lazyOf))];
}

/** Chunks on the way from the entry to each page: `[[entry, ..., page], ...]`. Pages end the way. */
function waysToPages(way = [entry]) {
  const next = openedBy(way.at(-1), way.slice(0, -1)).filter((key) => !way.includes(key));
  return next.flatMap((key) => (nameOf(key) ? [[...way, key]] : waysToPages([...way, key])));
}

/** What a page may load after it is shown: all it opens, other pages left out. */
function laterOf(key, loaded, seen = new Set()) {
  for (const lazy of openedBy(key, loaded)) {
    if (seen.has(lazy) || nameOf(lazy)) continue;
    seen.add(lazy);
    laterOf(lazy, [...loaded, key], seen);
  }
  return seen;
}

const gzipBytes = new Map();
function bytesOf(file) {
  if (!gzipBytes.has(file)) gzipBytes.set(file, gzipSync(readFileSync(`${dist}/${file}`)).length);
  return gzipBytes.get(file);
}

function weightKib(keys, kind = '') {
  const all = [...closure(keys)].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]);
  const files = new Set(all.filter((file) => file.endsWith(kind)));
  return [...files].reduce((sum, file) => sum + bytesOf(file), 0) / 1024;
}

const frames = lazyOf(entry).filter(isFrame);
if (frames.length === 0)
  fail('No chunk of the manifest is the frame (app/shell/shell.tsx): first loads would be too small.');

/** One row for each page, by the first way that leads to it; what it shares with its way is not loaded twice. */
const rows = new Map();
for (const way of waysToPages()) {
  const key = way.at(-1);
  const name = nameOf(key);
  if (rows.has(name)) continue;
  const onTheWay = unframed.includes(name) ? way.slice(0, -1) : [...frames, ...way.slice(0, -1)];
  rows.set(name, {
    name,
    firstKib: weightKib([...onTheWay, key]),
    stylesKib: weightKib([...onTheWay, key], '.css'),
    limitKib: firstLimitsKib[name] ?? totalLimitKib,
    totalKib: weightKib([...onTheWay, key, ...laterOf(key, onTheWay)]),
  });
}
for (const name of Object.keys(firstLimitsKib)) {
  if (!rows.has(name)) fail(`No chunk of the manifest is the page "${name}": its budget would go unchecked.`);
}

const over = (row) => row.firstKib > row.limitKib || row.totalKib > totalLimitKib;
const shown = (kib) => kib.toFixed(1).padStart(6);
const sorted = [...rows.values()].sort((a, b) => b.firstKib - a.firstKib);
for (const row of sorted) {
  const limits = `${row.limitKib} / ${totalLimitKib}`;
  const sizes = `first ${shown(row.firstKib)} (styles ${shown(row.stylesKib)})  total ${shown(row.totalKib)}  of ${limits} KiB`;
  console.log(`${over(row) ? 'OVER' : '    '} ${sizes}  ${row.name}`);
}
if (sorted.some(over)) process.exit(1);
console.log(sorted.map((row) => `${row.name} ${row.firstKib.toFixed(0)}`).join(', '));
