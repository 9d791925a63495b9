export { MAX_SCAN_CANDIDATES, MAX_SCAN_LENGTH, scanForKeys, type LeakCandidate, type ScanOptions } from './scan.ts';
export { scannerPatterns, type ScannerPatterns } from './patterns.ts';
export type { LeakForm } from './views.ts';
