import { apiKeyStates, type ApiKeyView } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { MAX_PAGE_SIZE } from '@qd/shared/paging';
import type { Command } from 'commander';
import { listKeys } from '../../features/api-keys/service/keys.ts';
import { printRows } from '../io.ts';
import type { CliConsole, CliTools } from '../tools.ts';

const LIST_LIMIT = 200;

interface Filters {
  platform?: string;
  environment?: string;
  state?: string;
  owner?: string;
}

/** `qd keys list` */
export function addList(keys: Command, { io, open }: CliTools): void {
  keys
    .command('list')
    .description('List keys, never their secrets; at most 200')
    .option('--platform <platform>', 'only keys of this platform')
    .option('--environment <environment>', 'only keys of prod, staging, dev or test')
    .option('--state <state>', apiKeyStates.join(', '))
    .option('--owner <email>', 'only keys that act for this person')
    .option('--json', 'print JSON')
    .action(async ({ json = false, ...filters }: Filters & { json?: boolean }) => {
      assertState(filters.state);
      const rows = await matching(await open(), filters);
      const short = rows.map(({ id, name, platform, environment, state, scopes }) => ({
        id,
        name,
        platform,
        environment,
        state,
        scopes,
      }));
      printRows(io, json ? rows.map((row) => ({ ...row })) : short, json);
    });
}

function assertState(state: string | undefined): void {
  if (state === undefined || apiKeyStates.some((known) => known === state)) return;
  throw new DomainError('invalid', `There is no state ${state.slice(0, 40)}; use one of ${apiKeyStates.join(', ')}.`);
}

/** The first keys, by id, that fit the filters. */
async function matching({ ctx }: CliConsole, filters: Filters): Promise<ApiKeyView[]> {
  const found: ApiKeyView[] = [];
  let cursor: string | undefined;
  do {
    const page = await listKeys(ctx, { limit: MAX_PAGE_SIZE, cursor });
    found.push(...page.rows.filter((row) => fits(row, filters)));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && found.length < LIST_LIMIT);
  return found.slice(0, LIST_LIMIT);
}

function fits(row: ApiKeyView, { platform, environment, state, owner }: Filters): boolean {
  if (platform !== undefined && row.platform !== platform) return false;
  if (environment !== undefined && row.environment !== environment) return false;
  if (state !== undefined && row.state !== state) return false;
  return owner === undefined || row.ownerEmail?.toLowerCase() === owner.toLowerCase();
}
