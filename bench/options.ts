/** How much data the benches use: `default` ends within minutes, `full` has every series, `small` tries the benches out. */
export type Size = 'default' | 'full' | 'small';

export interface Options {
  /** Names of the benches to run; empty for all. */
  names: string[];
  size: Size;
}

const flags: Record<string, Size> = { '--full': 'full', '--small': 'small' };

/** What the command line may say, in one sentence. */
export function usage(known: readonly string[]): string {
  return `npm run bench [-- NAME… --full|--small]; names: ${known.join(', ')}; without one all run.`;
}

/** Reads the command line. Null when it asks for help; throws with the list of names when one is unknown. */
export function readOptions(argv: readonly string[], known: readonly string[]): Options | null {
  if (argv.includes('--help') || argv.includes('-h')) return null;
  const options: Options = { names: [], size: 'default' };
  for (const word of argv) {
    const size = flags[word];
    if (size !== undefined) options.size = size;
    else if (known.includes(word)) options.names.push(word);
    else throw new RangeError(`${word} is no bench. ${usage(known)}`);
  }
  return options;
}
