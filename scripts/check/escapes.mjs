/**
 * No rule is switched off in place and no test is left out: a linter cannot see a comment that silences the linter, so
 * this reads the text.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { at, filesUnder, root } from '../run/places.mjs';

const escapes = [
  [/(?:\/\/|\/\*)\s*(?:eslint|oxlint)-(?:disable|enable)/, 'a rule switched off in place: change the code or the rule'],
  [/(?:\/\/|\/\*)\s*@ts-(?:ignore|nocheck)/, 'a type error hidden: give the type, or a cast in a named function'],
  [/(?:\/\/|\/\*)\s*(?:oxfmt|prettier)-ignore/, 'formatting switched off in place'],
  [/\b(?:it|test|describe)\.(?:skip|only|todo|fixme|fails)\b/, 'a test left out or alone: repair it or remove it'],
  [/(?:\/\/|\/\*|^\s*\*).*\b(?:TODO|FIXME|XXX)\b/, 'work left undone: do it, or write the limit into the docs'],
];

const folders = ['apps', 'packages', 'e2e', 'bench', 'scripts'];
const files = filesUnder(...folders.map((folder) => at(folder))).filter((file) => /\.(ts|tsx|mjs|cjs|js)$/.test(file));

const faults = files.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      escapes
        .filter(([pattern]) => pattern.test(line))
        .map(([, why]) => `${path.relative(root, file)}:${index + 1}: ${why}`),
    ),
);

for (const fault of faults) console.error(fault);
if (files.length === 0) console.error('no file was read');
if (faults.length > 0 || files.length === 0) process.exit(1);
console.log(`${files.length} files`);
