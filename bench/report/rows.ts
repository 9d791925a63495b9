export type Verdict = 'met' | 'MISSED' | '';

/** One line of a bench's table. An empty verdict is information without a target. */
export interface Row {
  what: string;
  ours: string;
  peer: string;
  ratio: string;
  target: string;
  verdict: Verdict;
}

/** What a bench found: the table, on what it was measured, and the figures behind it for the JSON. */
export interface Report {
  bench: string;
  title: string;
  /** Sentences about data and method. */
  measured: string[];
  rows: Row[];
  figures: Record<string, unknown>;
}

interface Compared {
  what: string;
  /** Smaller is better unless `moreIsBetter`. */
  ours: number;
  peer: number;
  unit: string;
  moreIsBetter?: boolean;
}

/** How many times better ours is. */
export function advantage({ ours, peer, moreIsBetter = false }: Compared): number {
  return moreIsBetter ? ours / peer : peer / ours;
}

/** Compares with a peer of the same run; met when ours is at least `times` better. */
export function versus(compared: Compared, times?: number): Row {
  const ratio = advantage(compared);
  return {
    what: compared.what,
    ours: quantity(compared.ours, compared.unit),
    peer: quantity(compared.peer, compared.unit),
    ratio: `${digits(ratio)}x`,
    target: times === undefined ? '' : `>= ${times}x`,
    verdict: times === undefined ? '' : verdictOf(ratio >= times),
  };
}

/** Holds a figure against a limit of its own. */
export function within(what: string, value: number, unit: string, limit?: number): Row {
  return {
    what,
    ours: quantity(value, unit),
    peer: '',
    ratio: '',
    target: limit === undefined ? '' : `<= ${quantity(limit, unit)}`,
    verdict: limit === undefined ? '' : verdictOf(value <= limit),
  };
}

/** A statement that is simply true or not. */
export function holds(what: string, ours: string, target: string, isTrue: boolean): Row {
  return { what, ours, peer: '', ratio: '', target, verdict: verdictOf(isTrue) };
}

/** A line that says why something was not measured. */
export function notMeasured(what: string, why: string): Row {
  return { what, ours: `not measured: ${why}`, peer: '', ratio: '', target: '', verdict: '' };
}

function verdictOf(isMet: boolean): Verdict {
  return isMet ? 'met' : 'MISSED';
}

/** A number with its unit; NaN, for what this machine cannot measure, reads as a dash. */
export function quantity(value: number, unit: string): string {
  if (!Number.isFinite(value)) return '–';
  return unit === '' ? digits(value) : `${digits(value)} ${unit}`;
}

function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(Math.abs(value) >= 10 ? 3 : 2)));
}
