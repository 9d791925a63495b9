import { DomainError } from '@qd/shared/errors';
import { type PlatformDefinition, platformFile, schemaFaults } from '@qd/shared/slo';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import { lastChangers } from '../queries/definitions.ts';
import { archiveObjective } from '../queries/writes/definitions.ts';
import { deleteIdleSources, storedPlatform, upsertPlatform, upsertSource } from '../queries/writes/platform-file.ts';
import { lintFaults } from './definitions/check.ts';
import { assertMayWrite } from './definitions/save.ts';
import { nameOf, storeChange, type StoredChange } from './definitions/store-change.ts';
import type { SloDeps } from './deps.ts';
import { planPlatform, type PlatformPlan, type SourceChoice } from './platform-file/platform-plan.ts';
import { probePlatform } from './platform-file/probe-platform.ts';
import { refreshSummaries } from './refresh-summaries.ts';

/** What applying a platform file did; ids of objectives. */
export interface AppliedPlatform {
  platform: string;
  created: string[];
  updated: string[];
  unchanged: string[];
  /** Objectives the file does not name, taken out of use because that was asked for. */
  archived: string[];
  /** What may be a mistake, though it could be stored. */
  remarks: string[];
}

/** How a platform file is applied. */
export interface ApplyOptions {
  /** Measures the platform by the console's own metrics, whatever source the file names. */
  ownCounters?: boolean;
  /** Takes objectives out of use that the file does not name. */
  prune?: boolean;
  /** Leaves objectives alone that somebody else changed last, or took out of use. */
  keepEdits?: boolean;
}

/**
 * Makes a platform, its source and its objectives what an operator's file says; `parsed` is the parsed YAML. All or
 * nothing, and nothing at all if it is so already. The source and every indicator are tried first.
 * Throws `invalid` with each fault named, `conflict` with the demo, `upstream` when the source cannot be read.
 */
export async function applyPlatformFile(
  ctx: Ctx,
  deps: SloDeps,
  parsed: unknown,
  options: ApplyOptions = {},
): Promise<AppliedPlatform> {
  return applyPlatform(ctx, deps, readPlatformFile(parsed), options);
}

/** Checks a parsed platform file; throws `invalid` with each fault named. */
export function readPlatformFile(parsed: unknown): PlatformDefinition {
  const read = platformFile.safeParse(parsed);
  if (read.success) return read.data;
  const fields = schemaFaults(read.error);
  const words = fields.map(({ field, message }) => `${field === '' ? 'the file' : field} ${message}`).join('; ');
  throw new DomainError('invalid', `Nothing was stored: ${words}.`, { fields });
}

/** The same for a definition that was read already. */
export async function applyPlatform(
  ctx: Ctx,
  deps: SloDeps,
  definition: PlatformDefinition,
  options: ApplyOptions = {},
): Promise<AppliedPlatform> {
  assertMayWrite(ctx, definition.platform);
  const choice = choiceOf(definition, options.ownCounters === true);
  const stored = await storedPlatform(ctx.db, definition.platform);
  const whole = planPlatform(definition, choice, stored, ctx.now());
  const plan = options.keepEdits === true ? await withoutEdited(ctx, whole) : whole;
  refuseFaults(plan);
  const pruned = options.prune === true ? plan.unnamed : [];
  const remarks = await tried(ctx, deps, definition, plan);
  const isSame =
    plan.platform === null &&
    !plan.source.isChanged &&
    plan.changes.every(({ kind }) => kind === 'same') &&
    pruned.length === 0;
  const ids = (kind: string): string[] =>
    plan.changes.flatMap((c) => (c.kind === kind ? [c.kind === 'create' ? c.id : c.before.id] : []));
  const done: AppliedPlatform = {
    platform: definition.platform,
    created: ids('create'),
    updated: ids('change'),
    unchanged: ids('same'),
    archived: pruned.map(({ id }) => id),
    remarks: [...remarks, ...(options.prune === true ? [] : plan.unnamed.map(unnamedRemark))],
  };
  if (isSame) return done;
  const changed = await store(ctx, plan, done);
  if (changed.length > 0)
    await refreshSummaries(
      ctx,
      deps.memory,
      changed.map(({ sliId }) => sliId),
    );
  if (pruned.length > 0) ctx.hub.publish('slo');
  ctx.hub.publish('platforms');
  return { ...done, created: changed.filter(({ revision }) => revision === 1).map(({ id }) => id) };
}

async function withoutEdited(ctx: Ctx, plan: PlatformPlan): Promise<PlatformPlan> {
  const changed = plan.changes.flatMap((change) => (change.kind === 'change' ? [change.before] : []));
  const ids = changed.map(({ id }) => id);
  const changers = await lastChangers(ctx.db, ids);
  const own = nameOf(ctx.actor);
  const edited = new Set(
    changed
      .filter(({ id, archivedAt }) => archivedAt !== null || (changers.get(id) ?? own) !== own)
      .map(({ id }) => id),
  );
  return { ...plan, changes: plan.changes.filter((c) => c.kind !== 'change' || !edited.has(c.before.id)) };
}

/** Where the source of a file is read. */
export function choiceOf({ source }: PlatformDefinition, ownCounters: boolean): SourceChoice {
  if (ownCounters) return { kind: 'self', url: null };
  return { kind: source.kind, url: source.kind === 'push' ? null : source.url };
}

/** Throws `invalid` with every objective of a plan that the rules for definitions refuse. */
export function refuseFaults({ changes, source }: PlatformPlan): void {
  const fields = changes.flatMap((change, i) =>
    change.kind === 'same'
      ? []
      : lintFaults(change.definition, source.intervalMs).map(({ field, message }) => ({
          field: `slos[${i}].${field}`,
          message,
        })),
  );
  const words = fields.map(({ field, message }) => `${field}: ${message}`).join(' ');
  if (fields.length > 0) throw new DomainError('invalid', `Nothing was stored: ${words}`, { fields });
}

function unnamedRemark({ slug, name }: { slug: string; name: string }): string {
  return `“${slug}” (${name}) is stored but not in the file; it stays as it is (--prune takes it out of use)`;
}

async function tried(ctx: Ctx, deps: SloDeps, definition: PlatformDefinition, plan: PlatformPlan): Promise<string[]> {
  const source = deps.openSource(plan.source);
  if (source === null) return [];
  try {
    return (await probePlatform(source, definition, ctx.now())).remarks;
  } finally {
    await source.close();
  }
}

/** Stores all of it at once, and gives the objectives that changed. */
async function store(ctx: Ctx, plan: PlatformPlan, done: AppliedPlatform): Promise<StoredChange[]> {
  const { isChanged, ...source } = plan.source;
  const { platform, created, updated, archived } = done;
  return write(ctx, async (tx, record) => {
    if (plan.platform !== null) await upsertPlatform(tx, plan.platform);
    if (isChanged) await upsertSource(tx, source);
    record({
      action: 'slo.platform_applied',
      category: 'slo',
      platform,
      target: { kind: 'platform', id: platform },
      details: {
        source: { id: source.id, kind: source.kind, url: source.url, changed: isChanged },
        created,
        updated,
        archived,
      },
    });
    const changed: StoredChange[] = [];
    for (const change of plan.changes) {
      if (change.kind !== 'same') changed.push(await storeChange(change, { tx, record, ctx, reason: '' }));
    }
    for (const id of archived) {
      await archiveObjective(tx, id, ctx.now());
      record({ action: 'slo.archived', category: 'slo', platform, target: { kind: 'slo', id }, details: {} });
    }
    await deleteIdleSources(tx, platform, source.id);
    return changed;
  });
}
