import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { platformFile, type PlatformDefinition } from '@qd/shared/slo';
import { parse } from 'yaml';
import { findUp } from './web-files.ts';

const OWN_PLATFORM = 'quarterdeck';

/** The platforms that ship with the console: its three customers, and itself. */
export interface Presets {
  customers: PlatformDefinition[];
  own: PlatformDefinition;
}

/** Reads the presets; a fault in one of them is a fault of this version and throws. */
export async function readPresets(): Promise<Presets> {
  const found = findUp(import.meta.dirname, 'presets/quarterdeck.yaml');
  if (found === null) throw new Error('the presets folder is missing from this installation');
  const folder = dirname(found);
  const files = (await readdir(folder)).filter((f) => f.endsWith('.yaml')).toSorted();
  const all = await Promise.all(
    files.map(async (f) => platformFile.parse(parse(await readFile(join(folder, f), 'utf8')))),
  );
  const own = all.find((p) => p.platform === OWN_PLATFORM);
  if (!own) throw new Error(`the preset of ${OWN_PLATFORM} is missing from this installation`);
  return { customers: all.filter((p) => p !== own), own };
}
