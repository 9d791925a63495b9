/**
 * No server code in the browser. Takes the sentences that stand in the server's sources and nowhere else, and looks
 * for them in the web bundle, together with the names of packages and built-ins that only a server needs. Fails when it
 * found no texts to look for or no bundle to look into.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { at, filesUnder } from '../run/places.mjs';

const MIN_TEXTS = 50;
const source = (folder) => filesUnder(at(folder)).filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file));
const textOf = (files) => files.map((file) => readFileSync(file, 'utf8')).join('\n');

const serverText = textOf(source('apps/server/src').filter((file) => !file.endsWith('.d.ts')));
const webText = textOf([...source('apps/web/src'), ...source('packages/shared/src')]);
const texts = [
  ...new Set([...serverText.matchAll(/'([^'\\\n]+ [^'\\\n]+ [^'\\\n]{6,})'/g)].map(([, text]) => text)),
].filter((text) => !webText.includes(text));
const serverOnly = ['node:', 'drizzle-orm', '@electric-sql/pglite', 'prom-client', 'argon2', '__drizzle'].map((name) =>
  name === 'node:' ? /["'`]node:(fs|crypto|net|http|path|os|worker_threads)/ : new RegExp(escaped(name)),
);

function escaped(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

const folder = at('apps/web/dist/assets');
const bundle = filesUnder(folder).filter((file) => file.endsWith('.js'));
if (bundle.length === 0 || texts.length < MIN_TEXTS) {
  console.error(`Nothing to compare: ${bundle.length} files in the bundle, ${texts.length} texts of the server.`);
  process.exit(1);
}

const found = bundle.flatMap((file) => {
  const code = readFileSync(file, 'utf8');
  const leaks = [...texts.filter((text) => code.includes(text)), ...serverOnly.filter((pattern) => pattern.test(code))];
  return leaks.map((leak) => `${path.basename(file)} holds server code: ${leak}`);
});
for (const leak of found) console.error(leak);
if (found.length > 0) process.exit(1);
console.log(`${bundle.length} files hold none of ${texts.length} server texts`);
