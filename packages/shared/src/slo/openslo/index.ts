export { type OpenSloFault } from './collect.ts';
export { type OpenSloDocument, type OpenSloKind, openSloKinds } from './documents.ts';
export { type ExportedSource, toOpenSlo, withoutSecrets } from './export.ts';
export { type ReadDocuments, type ReadObjective, readOpenSlo } from './read.ts';
