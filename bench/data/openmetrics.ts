import { closeSync, openSync, writeSync } from 'node:fs';
import { recordedLines } from './recorded.ts';
import type { Span } from './span.ts';
import { tell, type Service } from './world.ts';

/**
 * Tells the minutes `[fromM, toM)` and writes every sample as OpenMetrics text. Gives the number of samples. A sample
 * stands at the end of its minute, where the row of the read model speaks of the same counts.
 */
export function writeSamples(
  file: string,
  services: readonly Service[],
  span: Span,
  range: { fromM: number; toM: number },
): number {
  const out = openSync(file, 'w');
  let samples = 0;
  for (let m = range.fromM; m < range.toM; m++) {
    const suffix = ` ${(m + 1) * 60}\n`;
    for (const service of services) {
      tell(service, m - span.firstM);
      const wanted = { lastMinute: span.lastM - span.firstM, graphs: service.withLatency };
      const text = counterLines(service, suffix) + recordedLines(service.counts, m - span.firstM, suffix, wanted);
      samples += countLines(text);
      writeSync(out, text, null, 'latin1');
    }
  }
  writeSync(out, '# EOF\n');
  closeSync(out);
  return samples;
}

function counterLines({ counters }: Service, suffix: string): string {
  let lines = '';
  counters.prefixes.forEach((prefix, i) => {
    lines += prefix + (counters.values[i] ?? 0) + suffix;
  });
  return lines;
}

function countLines(text: string): number {
  let lines = 0;
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) lines += 1;
  return lines;
}
