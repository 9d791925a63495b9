import { SHORT_BODY_LENGTH } from '../candidate.ts';
import { BODY_LENGTH, keyEnvironments } from '../format.ts';

/** Regular expressions by which other scanners find keys of this console. */
export interface ScannerPatterns {
  /** Bare expression, as GitHub's custom patterns and most scanners take it. */
  expression: string;
  /** A rule for a configuration file of gitleaks. */
  gitleaks: string;
}

/** Patterns for keys that begin with any of the prefixes; without prefixes for keys of every console. */
export function scannerPatterns(prefixes: readonly string[]): ScannerPatterns {
  const names = [...new Set(prefixes)].toSorted();
  const front = names.length === 0 ? '[a-z0-9]{2,8}' : names.length === 1 ? (names[0] ?? '') : `(?:${names.join('|')})`;
  const body = `(?:[0-9A-Za-z]{${BODY_LENGTH}}|[0-9A-Za-z]{${SHORT_BODY_LENGTH}})`;
  const expression = `${front}_(?:${keyEnvironments.join('|')})_key_${body}`;
  const lines = [
    '[[rules]]',
    'id = "quarterdeck-api-key"',
    'description = "API key issued by Quarterdeck"',
    `regex = '''\\b${expression}\\b'''`,
    'keywords = ["_key_"]',
  ];
  return { expression, gitleaks: lines.join('\n') };
}
