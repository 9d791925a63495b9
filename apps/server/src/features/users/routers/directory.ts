import {
  assignMembershipInput,
  bulkInput,
  directoryListInput,
  endSessionInput,
  endSessionsInput,
  offboardInput,
  personStateInput,
  removeMembershipInput,
  suspendMembershipInput,
  updateProfileInput,
  userIdInput,
} from '@qd/shared/users';
import { guarded } from '../../../platform/trpc.ts';
import { blastRadiusOf } from '../service/directory/blast-radius.ts';
import { bulk } from '../service/directory/bulk.ts';
import { countPeople, listPeople } from '../service/directory/list.ts';
import { assignMembership, removeMembership, suspendMembership } from '../service/directory/memberships.ts';
import { offboardPerson } from '../service/directory/offboard.ts';
import { getPerson, listSessions } from '../service/directory/person.ts';
import { updateProfile } from '../service/directory/profile.ts';
import { endAllSessions, endOneSession } from '../service/directory/sessions.ts';
import { reinstatePerson, suspendPerson } from '../service/directory/state.ts';

/** People as the directory finds, shows and changes them. */
export function directoryProcedures() {
  return { ...reads(), ...states(), ...accounts() };
}

function reads() {
  return {
    list: guarded('users:read')
      .input(directoryListInput)
      .query(({ ctx, input }) => listPeople(ctx, input)),
    counts: guarded('users:read').query(({ ctx }) => countPeople(ctx)),
    get: guarded('users:read')
      .input(userIdInput)
      .query(({ ctx, input }) => getPerson(ctx, input.id)),
    sessions: guarded('users:read')
      .input(userIdInput)
      .query(({ ctx, input }) => listSessions(ctx, input.id)),
    blastRadius: guarded('users:offboard')
      .input(userIdInput)
      .query(({ ctx, input }) => blastRadiusOf(ctx, input.id)),
  };
}

function states() {
  return {
    // An address is where links back in go.
    updateProfile: guarded('users:write', { stepUp: true })
      .input(updateProfileInput)
      .mutation(({ ctx, input }) => updateProfile(ctx, input)),
    suspend: guarded('users:suspend')
      .input(personStateInput)
      .mutation(({ ctx, input }) => suspendPerson(ctx, input)),
    reinstate: guarded('users:suspend')
      .input(personStateInput)
      .mutation(({ ctx, input }) => reinstatePerson(ctx, input)),
    offboard: guarded('users:offboard', { stepUp: true })
      .input(offboardInput)
      .mutation(({ ctx, input }) => offboardPerson(ctx, input)),
    bulk: guarded('users:suspend', { stepUp: true })
      .input(bulkInput)
      .mutation(({ ctx, input }) => bulk(ctx, input)),
    endSession: guarded('users:suspend')
      .input(endSessionInput)
      .mutation(({ ctx, input }) => endOneSession(ctx, input)),
    endSessions: guarded('users:suspend', { stepUp: true })
      .input(endSessionsInput)
      .mutation(({ ctx, input }) => endAllSessions(ctx, input)),
  };
}

function accounts() {
  return {
    assignMembership: guarded('users:assign')
      .input(assignMembershipInput)
      .mutation(({ ctx, input }) => assignMembership(ctx, input)),
    suspendMembership: guarded('users:assign')
      .input(suspendMembershipInput)
      .mutation(({ ctx, input }) => suspendMembership(ctx, input)),
    removeMembership: guarded('users:assign')
      .input(removeMembershipInput)
      .mutation(({ ctx, input }) => removeMembership(ctx, input)),
  };
}
