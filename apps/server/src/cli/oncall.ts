import { DomainError } from '@qd/shared/errors';
import { createSlotInput, endSlotInput, listSlotsInput, slotId, slotRoles, type SlotView } from '@qd/shared/oncall';
import { parseDuration } from '@qd/shared/slo';
import type { Command } from 'commander';
import { endSlot } from '../features/oncall/service/change.ts';
import { createSlot } from '../features/oncall/service/create.ts';
import { findPerson, getSlot, listSlots, onCallNow } from '../features/oncall/service/read.ts';
import { checked } from './input.ts';
import { printResult, printRows } from './io.ts';
import type { CliTools } from './tools.ts';

const LIST_LIMIT = 200;

interface Listed {
  platform?: string;
  person?: string;
  from?: string;
  to?: string;
  calledOff?: boolean;
  cursor?: string;
  json?: boolean;
}

interface Added {
  platform: string;
  person: string;
  role: string;
  from?: string;
  to?: string;
  for?: string;
  note?: string;
  json?: boolean;
}

/** `qd oncall list|now|add|end`: who is on call for which platform. */
export function addOncall(program: Command, tools: CliTools): void {
  const oncall = program.command('oncall').description('Who is on call for which platform, and when');
  addNow(oncall, tools);
  addList(oncall, tools);
  addAdd(oncall, tools);
  addEnd(oncall, tools);
}

function addNow(oncall: Command, { io, open }: CliTools): void {
  oncall
    .command('now')
    .description('Who is on call now, and until when')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { ctx } = await open();
      const { platforms } = await onCallNow(ctx, {});
      const short = platforms.map(({ platform, primary, secondary, nextPrimary }) => ({
        platform,
        primary: holder(primary),
        until: instant(primary?.endsAt),
        secondary: holder(secondary),
        next: holder(nextPrimary),
        from: instant(nextPrimary?.startsAt),
      }));
      printRows(io, json ? platforms.map((row) => ({ ...row })) : short, json);
    });
}

function addList(oncall: Command, { io, open }: CliTools): void {
  oncall
    .command('list')
    .description('List slots by their start, at most 200; pages follow with --cursor')
    .option('--platform <platform>', 'of one platform only')
    .option('--person <email>', 'of one person only')
    .option('--from <time>', 'held then or later; now if left out')
    .option('--to <time>', 'beginning before then')
    .option('--called-off', 'also those called off before they began')
    .option('--cursor <id>', 'id of the last one of the page before')
    .option('--json', 'print JSON')
    .action(async ({ person, from, to, json = false, ...given }: Listed) => {
      const { ctx } = await open();
      const input = checked(listSlotsInput, {
        ...given,
        userId: person === undefined ? undefined : await findPerson(ctx, person),
        from: from === undefined ? ctx.now().getTime() : Date.parse(from),
        to: to === undefined ? undefined : Date.parse(to),
        limit: LIST_LIMIT,
      });
      const { rows } = await listSlots(ctx, input);
      const short = rows.map((row) => ({
        id: row.id,
        platform: row.platform,
        role: row.role,
        person: holder(row),
        from: instant(row.startsAt),
        to: instant(row.endsAt),
        state: row.state,
      }));
      printRows(io, json ? rows.map((row) => ({ ...row })) : short, json);
    });
}

function addAdd(oncall: Command, { io, open }: CliTools): void {
  oncall
    .command('add')
    .description('Put somebody on call')
    .requiredOption('--platform <platform>', 'platform to be on call for')
    .requiredOption('--person <email>', 'who; must be active and see the platform')
    .option('--role <role>', slotRoles.join(' or '), 'primary')
    .option('--from <time>', 'e.g. 2026-10-01T09:00Z; now if left out')
    .option('--for <length>', 'how long, e.g. 12h or 7d, at most 14d')
    .option('--to <time>', 'when it ends, instead of --for')
    .option('--note <text>', 'for whoever is on call')
    .option('--json', 'print JSON')
    .action(async ({ platform, person, role, from, note, json = false, ...until }: Added) => {
      const { ctx } = await open();
      const startsAt = from === undefined ? ctx.now().getTime() : Date.parse(from);
      const input = checked(createSlotInput, {
        platform,
        role,
        note,
        userId: await findPerson(ctx, person),
        startsAt,
        endsAt: endOf(startsAt, until),
      });
      const made = await createSlot(ctx, input);
      const words = `${made.person.name} is ${made.role} for ${platform} from ${instant(made.startsAt)} to ${instant(made.endsAt)}: ${made.id}.`;
      printResult(io, { json: made, words }, json);
    });
}

/** The instant `--for` or `--to` means; throws `invalid` unless there is exactly one of them. */
function endOf(startsAt: number, { to, for: length }: Pick<Added, 'to' | 'for'>): number {
  if (to !== undefined && length === undefined) return Date.parse(to);
  if (length !== undefined && to === undefined) return startsAt + parseDuration(length);
  throw new DomainError('invalid', 'Say how long with --for, or when it ends with --to.');
}

function addEnd(oncall: Command, { io, open }: CliTools): void {
  oncall
    .command('end <id>')
    .description('End a slot now, or call it off before it begins')
    .requiredOption('--reason <text>', 'why; kept in the audit log')
    .option('--json', 'print JSON')
    .action(async (id: string, { reason, json = false }: { reason: string; json?: boolean }) => {
      const { ctx } = await open();
      const { version } = await getSlot(ctx, checked(slotId, id));
      const ended = await endSlot(ctx, checked(endSlotInput, { id, version, reason }));
      const words = `${ended.person.name} is no longer ${ended.role} for ${ended.platform}.`;
      printResult(io, { json: ended, words }, json);
    });
}

/** Who holds a slot, and that they cannot come where that is so. */
function holder(slot: SlotView | null): string | null {
  if (slot === null) return null;
  const { name, state } = slot.person;
  return state === 'active' || slot.state === 'over' ? name : `${name} (${state})`;
}

function instant(atMs: number | undefined): string | null {
  return atMs === undefined ? null : `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}
