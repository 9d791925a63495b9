import { DomainError } from '@qd/shared/errors';
import { platformId } from '@qd/shared/platforms';
import { importInput, MAX_IMPORT_BYTES, userStates } from '@qd/shared/users';
import { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import { stepUpTokenOf } from '../../platform/http-call.ts';
import { machineCall, type MachineDoor } from '../../platform/machine-calls.ts';
import { assertProved } from '../../platform/step-up.ts';
import { exportUsers } from './service/export.ts';
import { checkImport } from './service/imports/check.ts';
import type { ImportsDeps } from './service/imports/deps.ts';
import { importReport } from './service/imports/report.ts';

const uploadQuery = z.strictObject({ name: z.string().max(300).default('users.csv') });
const reportQuery = z.strictObject({ only: z.enum(['faulty'], 'is faulty, or left out').optional() });
const exportQuery = z.strictObject({
  format: z.enum(['csv', 'jsonl'], 'is csv or jsonl').default('csv'),
  state: z.enum(userStates, `use one of ${userStates.join(', ')}`).optional(),
  platform: platformId.optional(),
});

/** Who may send and fetch files of people: signed-in persons only. `upload` refuses other sites' requests too. */
export interface UserFileDoors {
  upload: MachineDoor;
  download: MachineDoor;
}

/**
 * `POST /users/import?name=…` with the file as the body, `GET /users/import/:id/report`, `GET /users/export`.
 * Mount at the root.
 */
export function createUserFilesHttp(doors: UserFileDoors, deps: ImportsDeps): Router {
  const router = Router();
  router.post(
    '/users/import',
    leaveTheRest,
    machineCall(doors.upload, {
      action: 'users.import',
      permission: 'users:import',
      run: async (ctx, req) => {
        assertFits(req);
        const { name } = uploadQuery.parse(req.query);
        return { status: 201, body: await checkImport(ctx, deps, { fileName: name, bytes: req }) };
      },
    }),
  );
  router.get(
    '/users/import/:id/report',
    machineCall(doors.download, {
      action: 'users.import_report',
      permission: 'users:import',
      run: async (ctx, req) => {
        const { id } = importInput.parse(req.params);
        const { only } = reportQuery.parse(req.query);
        return { file: await importReport(ctx, { id, onlyFaulty: only === 'faulty' }) };
      },
    }),
  );
  router.get(
    '/users/export',
    machineCall(doors.download, {
      action: 'users.export',
      permission: 'users:export',
      run: async (ctx, req) => {
        const input = exportQuery.parse(req.query);
        await assertProved(ctx, { path: 'users.export', input }, stepUpTokenOf(req));
        const { format, ...filters } = input;
        return { file: await exportUsers(ctx, { format, filters }) };
      },
    }),
  );
  return router;
}

/** Whoever is refused in the middle of a large file is not listened to until its end. */
const leaveTheRest: RequestHandler = (_req, res, next) => {
  res.setHeader('Connection', 'close');
  next();
};

function assertFits(req: Request): void {
  const { 'content-encoding': encoding, 'content-length': length } = req.headers;
  if (encoding !== undefined && encoding !== 'identity') throw unfit('Send the file as it is, not compressed.');
  if (length !== undefined && Number(length) > MAX_IMPORT_BYTES) {
    throw unfit(`The file is larger than ${MAX_IMPORT_BYTES / 1_048_576} MB; split it.`);
  }
}

function unfit(message: string): DomainError {
  return new DomainError('invalid', message, { fields: [{ field: 'file', message }] });
}
