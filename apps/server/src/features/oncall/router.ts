import {
  coverageInput,
  createSlotInput,
  endSlotInput,
  handOverSlotInput,
  listSlotsInput,
  slotPeopleInput,
} from '@qd/shared/oncall';
import { guarded, router } from '../../platform/trpc.ts';
import { endSlot, handOverSlot } from './service/change.ts';
import { createSlot } from './service/create.ts';
import { listGaps, listSlotPeople, listSlots, onCallNow } from './service/read.ts';

/** Who is on call for which platform, and when nobody is. */
export const oncallRouter = router({
  list: guarded('oncall:read')
    .input(listSlotsInput)
    .query(({ ctx, input }) => listSlots(ctx, input)),
  now: guarded('oncall:read')
    .input(coverageInput)
    .query(({ ctx, input }) => onCallNow(ctx, input)),
  gaps: guarded('oncall:read')
    .input(coverageInput)
    .query(({ ctx, input }) => listGaps(ctx, input)),
  people: guarded('oncall:write')
    .input(slotPeopleInput)
    .query(({ ctx, input }) => listSlotPeople(ctx, input)),
  create: guarded('oncall:write')
    .input(createSlotInput)
    .mutation(({ ctx, input }) => createSlot(ctx, input)),
  handOver: guarded('oncall:write')
    .input(handOverSlotInput)
    .mutation(({ ctx, input }) => handOverSlot(ctx, input)),
  end: guarded('oncall:write')
    .input(endSlotInput)
    .mutation(({ ctx, input }) => endSlot(ctx, input)),
});
