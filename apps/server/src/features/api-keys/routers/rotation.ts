import {
  acknowledgementInput,
  cancelRotationInput,
  closeRotationInput,
  emergencyRotationInput,
  extendRotationInput,
  previewManyRotationsInput,
  previewRotationInput,
  remindInput,
  remindManyInput,
  rotationBoardInput,
  rotationCalendarInput,
  startManyRotationsInput,
  startRotationInput,
} from '@qd/shared/api-keys';
import type { Ctx } from '../../../platform/context.ts';
import { guarded, open, router } from '../../../platform/trpc.ts';
import type { ApiKeysDeps } from '../service/deps.ts';
import { acknowledgeNotice, lookAtNotice } from '../service/rotation/acknowledge.ts';
import { rotationBoard } from '../service/rotation/board.ts';
import { keyCalendar } from '../service/rotation/calendar.ts';
import { cancelRotation, closeRotation, extendRotation } from '../service/rotation/change.ts';
import { previewManyRotations, startManyRotations } from '../service/rotation/many.ts';
import { previewRotation } from '../service/rotation/preview.ts';
import { remindConsumers, remindMany } from '../service/rotation/remind.ts';
import { rotateAtOnce, startRotation } from '../service/rotation/start.ts';

/** Replacing a key by its successor. */
export function createRotationRouter(deps: ApiKeysDeps) {
  // Ends are set by the clock keys are judged by, which is the database's: that of a replica may be ahead.
  const timed = (ctx: Ctx): Ctx => ({ ...ctx, now: () => deps.keys.now() });
  return router({
    preview: guarded('api-keys:rotate')
      .input(previewRotationInput)
      .query(({ ctx, input }) => previewRotation(ctx, deps, input)),
    start: guarded('api-keys:rotate', { stepUp: true })
      .input(startRotationInput)
      .mutation(({ ctx, input }) => startRotation(timed(ctx), deps, input)),
    previewMany: guarded('api-keys:rotate')
      .input(previewManyRotationsInput)
      .query(({ ctx, input }) => previewManyRotations(ctx, deps, input)),
    startMany: guarded('api-keys:rotate', { stepUp: true })
      .input(startManyRotationsInput)
      .mutation(({ ctx, input }) => startManyRotations(timed(ctx), deps, input)),
    emergency: guarded('api-keys:rotate', { stepUp: true })
      .input(emergencyRotationInput)
      .mutation(({ ctx, input }) => rotateAtOnce(timed(ctx), deps, input)),
    extend: guarded('api-keys:rotate')
      .input(extendRotationInput)
      .mutation(({ ctx, input }) => extendRotation(timed(ctx), input)),
    cancel: guarded('api-keys:rotate', { stepUp: true })
      .input(cancelRotationInput)
      .mutation(({ ctx, input }) => cancelRotation(timed(ctx), input)),
    close: guarded('api-keys:rotate', { stepUp: true })
      .input(closeRotationInput)
      .mutation(({ ctx, input }) => closeRotation(timed(ctx), input)),
    remind: guarded('api-keys:rotate')
      .input(remindInput)
      .mutation(({ ctx, input }) => remindConsumers(ctx, deps, input.keyId)),
    remindMany: guarded('api-keys:rotate')
      .input(remindManyInput)
      .mutation(({ ctx, input }) => remindMany(ctx, deps, input.keyIds)),
    board: guarded('api-keys:read')
      .input(rotationBoardInput)
      .query(({ ctx, input }) => rotationBoard(ctx, input.keyId)),
    calendar: guarded('api-keys:read')
      .input(rotationCalendarInput)
      .query(({ ctx, input }) => keyCalendar(ctx, input)),
    acknowledgement: router({
      // For consumers of keys, who need not be people of the console. A mutation, since addresses of queries are logged.
      look: open.input(acknowledgementInput).mutation(({ ctx, input }) => lookAtNotice(ctx, input.token)),
      confirm: open.input(acknowledgementInput).mutation(({ ctx, input }) => acknowledgeNotice(ctx, input.token)),
    }),
  });
}
