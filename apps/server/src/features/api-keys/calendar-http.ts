import { Router } from 'express';
import { machineCall, type MachineDoor } from '../../platform/machine-calls.ts';
import { calendarFile } from './service/rotation/calendar.ts';

/** `GET /keys/calendar.ics`: what is due of keys, for people who are signed in and for keys. Mount at the root. */
export function createKeyCalendarHttp(door: MachineDoor, publicUrl: string | null): Router {
  const router = Router();
  router.get(
    '/keys/calendar.ics',
    machineCall(door, {
      action: 'api-keys.calendar',
      permission: 'api-keys:read',
      run: async (ctx) => ({
        type: 'text/calendar',
        headers: { 'Content-Disposition': 'attachment; filename="api-keys.ics"', 'Cache-Control': 'no-store' },
        body: await calendarFile(ctx, publicUrl),
      }),
    }),
  );
  return router;
}
