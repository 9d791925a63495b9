import type { SlotRole } from '@qd/shared/oncall';
import { DAY_MS, HOUR_MS, startOfUtcDay } from '@qd/shared/time';

/** One part of a week, in hours after Monday 09:00 UTC, and who takes it in turn, week by week. */
interface Turn {
  role: SlotRole;
  from: number;
  to: number;
  people: readonly string[];
  note?: string;
}

const WEEK_HOURS = 168;
const WEEK_MS = 7 * DAY_MS;
const MONDAY_MS = Date.UTC(1970, 0, 5) + 9 * HOUR_MS;
/** The week before this one, this one, and as many as gaps are looked for in, begun or not. */
const WEEKS = [-1, 0, 1, 2];

/** The rota of each platform: one is whole, one has no secondary, and one has nobody from Saturday to Sunday. */
const turns: Readonly<Record<string, readonly Turn[]>> = {
  hashinsight: [
    { role: 'primary', from: 0, to: WEEK_HOURS, people: ['jun_watanabe', 'priya_raman', 'rafael_castillo'] },
    { role: 'secondary', from: 0, to: WEEK_HOURS, people: ['ines_okafor', 'giulia_ferrari'] },
  ],
  web3audit: [{ role: 'primary', from: 0, to: WEEK_HOURS, people: ['tomasz_lind', 'dmitri_petrov'] }],
  stellarescrow: [
    { role: 'primary', from: 0, to: 120, people: ['adaeze_bello'], note: 'Ledger nodes are upgraded on Sundays' },
    { role: 'primary', from: 144, to: WEEK_HOURS, people: ['noor_haddad'] },
    // Whoever is suspended cannot come: the slot says so.
    { role: 'secondary', from: 0, to: 96, people: ['tariq_silva'] },
  ],
};

/** Slots of the demo around an instant, as rows. The same week always gives the same rows, so that telling it again adds only what is new. */
export function demoSlotRows(platforms: readonly string[], now: Date) {
  const thisWeek = Math.floor((now.getTime() - MONDAY_MS) / WEEK_MS);
  return platforms.flatMap((platformId) =>
    (turns[platformId] ?? []).flatMap(({ role, from, to, people, note = '' }) =>
      WEEKS.map((ahead) => {
        const week = thisWeek + ahead;
        const mondayMs = MONDAY_MS + week * WEEK_MS;
        return {
          id: `ocs_demo_${platformId}_${role}_${week}_${from}`,
          platformId,
          userId: `usr_demo_${people[week % people.length] ?? ''}`,
          role,
          startsAt: new Date(mondayMs + from * HOUR_MS),
          endsAt: new Date(mondayMs + to * HOUR_MS),
          note,
          isDemo: true,
          createdBy: 'usr_demo_owner',
          createdAt: new Date(startOfUtcDay(mondayMs) - 2 * WEEK_MS),
        };
      }),
    ),
  );
}
