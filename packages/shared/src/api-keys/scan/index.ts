export {
  MAX_SCAN_CANDIDATES,
  MAX_SCAN_LENGTH,
  scanForKeys,
  scanInSlices,
  type LeakCandidate,
  type ScanOptions,
} from './scan.ts';
export { SCAN_SLICE_LENGTH } from './slices.ts';
export { scannerPatterns, type ScannerPatterns } from './patterns.ts';
export type { LeakForm } from './views.ts';
