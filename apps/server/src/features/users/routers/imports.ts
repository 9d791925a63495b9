import { commitImportInput, importInput, importRowsInput, importsInput, rollbackImportInput } from '@qd/shared/users';
import { guarded } from '../../../platform/trpc.ts';
import { commitImport } from '../service/imports/commit.ts';
import type { ImportsDeps } from '../service/imports/deps.ts';
import { rollbackImport } from '../service/imports/rollback.ts';
import { listImportRows, listImports, viewImport } from '../service/imports/views.ts';

/** Files of people: what they say, doing it, and taking it back. They come in over `POST /users/import`. */
export function importProcedures(deps: ImportsDeps) {
  return {
    imports: guarded('users:import')
      .input(importsInput)
      .query(({ ctx, input }) => listImports(ctx, deps, input)),
    import: guarded('users:import')
      .input(importInput)
      .query(({ ctx, input }) => viewImport(ctx, deps, input.id)),
    importRows: guarded('users:import')
      .input(importRowsInput)
      .query(({ ctx, input }) => listImportRows(ctx, input)),
    commitImport: guarded('users:import', { stepUp: true })
      .input(commitImportInput)
      .mutation(({ ctx, input }) => commitImport(ctx, deps, input)),
    rollbackImport: guarded('users:import', { stepUp: true })
      .input(rollbackImportInput)
      .mutation(({ ctx, input }) => rollbackImport(ctx, deps, input)),
  };
}
