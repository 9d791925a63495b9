import { z } from 'zod';
import { platformId } from '../platforms/index.ts';
import { HOUR_MS, SECOND_MS } from '../time/index.ts';
import type { AlertRules } from './alerts/types.ts';
import { defaultAlertRules, slug } from './definition.ts';
import type { ExclusionMode } from './exclusions/types.ts';
import type { Indicator } from './indicator.ts';
import { labelsField, prose } from './plain-text.ts';
import {
  alertingField,
  duration,
  fileWindowMs,
  type FileWindow,
  percentLeft,
  targetField,
  windowsField,
  words,
} from './platform-fields.ts';
import { countingFields, indicatorOfEntry } from './platform-indicator.ts';
import { type PolicyMeanings, policyMeanings } from './policy-meanings.ts';
import type { Target } from './target.ts';
import type { SloPolicy } from './types.ts';

const DEFAULT_WINDOW = '30d';
const DEFAULT_INTERVAL_MS = 30 * SECOND_MS;
const DEFAULT_CAUTION_PERCENT = 20;
const DEFAULT_FREEZE_PERCENT = 10;
const MAX_SLOS = 1_000;
const MAX_LABELS = 20;

const sourceUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address' });

const sloEntry = z.strictObject({
  name: words(120),
  slug: slug.optional(),
  description: prose(1_050).min(1, 'must not be empty').optional(),
  target: targetField,
  window: windowsField.prefault(DEFAULT_WINDOW),
  ...countingFields,
  owner: words(120).optional(),
  service: words(120).optional(),
  labels: labelsField(MAX_LABELS).default({}),
  caution: percentLeft.default(DEFAULT_CAUTION_PERCENT),
  freeze: percentLeft.default(DEFAULT_FREEZE_PERCENT),
  meanings: policyMeanings.default({ ship: '', caution: '', freeze: '', overspent: '' }),
  alerting: alertingField.default(defaultAlertRules),
  exclusions: z.enum(['auto', 'remove', 'good'], { error: 'is auto, remove or good' }).default('auto'),
});
type SloEntry = z.output<typeof sloEntry>;

const fileShape = z.strictObject({
  platform: platformId,
  name: words(80).optional(),
  prometheus: sourceUrl.optional(),
  scrape: sourceUrl.optional(),
  push: z.literal(true, { error: 'is either true or left out' }).optional(),
  interval: duration(5 * SECOND_MS, HOUR_MS, 'between 5s and 1h').default(DEFAULT_INTERVAL_MS),
  slos: z.array(sloEntry).min(1, 'list at least one objective').max(MAX_SLOS, `at most ${MAX_SLOS} objectives`),
});
type FileShape = z.output<typeof fileShape>;

/** Where a platform's measurements come from. */
export type PlatformSource = { kind: 'prometheus'; url: string } | { kind: 'scrape'; url: string } | { kind: 'push' };

/** One objective of a platform file, ready to store. */
export interface PlatformSlo {
  name: string;
  slug: string;
  description: string;
  target: Target;
  /** Length of the first of `windows`; the usual one of a calendar period. */
  windowMs: number;
  windows: FileWindow[];
  indicator: Indicator;
  owner: string | null;
  service: string | null;
  policy: SloPolicy;
  meanings: PolicyMeanings;
  alerting: AlertRules;
  exclusionMode: 'auto' | ExclusionMode;
  labels: Record<string, string>;
}

/** A platform file, read and checked. */
export interface PlatformDefinition {
  platform: string;
  name: string;
  source: PlatformSource;
  intervalMs: number;
  slos: PlatformSlo[];
}

/** Short name for URLs made from a title: `API latency (p95)` gives `api-latency-p95`. */
export function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return plain
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}

function sourceOf(file: FileShape, ctx: z.RefinementCtx): PlatformSource {
  const named = (['prometheus', 'scrape', 'push'] as const).filter((key) => file[key] !== undefined);
  if (named.length !== 1) {
    const found = named.length === 0 ? 'none is given' : `${named.join(' and ')} are given`;
    ctx.addIssue({
      code: 'custom',
      path: [named[1] ?? 'prometheus'],
      message: `name exactly one of prometheus, scrape or push: ${found}`,
    });
  }
  if (file.prometheus !== undefined) return { kind: 'prometheus', url: file.prometheus };
  if (file.scrape !== undefined) return { kind: 'scrape', url: file.scrape };
  return { kind: 'push' };
}

interface EntryPlace {
  path: (string | number)[];
  ctx: z.RefinementCtx;
}

function sloOf(entry: SloEntry, source: PlatformSource, place: EntryPlace): PlatformSlo {
  const [first] = entry.window;
  const slugText = entry.slug ?? slugOf(entry.name);
  if (slugText === '') {
    place.ctx.addIssue({
      code: 'custom',
      path: [...place.path, 'slug'],
      message: 'is missing: the name has no letter or digit to make it from',
    });
  }
  if (entry.freeze > entry.caution) {
    place.ctx.addIssue({ code: 'custom', path: [...place.path, 'freeze'], message: 'must not be above caution' });
  }
  return {
    name: entry.name,
    slug: slugText,
    description: entry.description ?? '',
    target: entry.target,
    windowMs: first === undefined ? 0 : fileWindowMs(first),
    windows: entry.window,
    indicator: indicatorOfEntry(entry, source.kind, (path, message) =>
      place.ctx.addIssue({ code: 'custom', path: [...place.path, ...path], message }),
    ),
    owner: entry.owner ?? null,
    service: entry.service ?? null,
    policy: { cautionRatio: entry.caution / 100, freezeRatio: entry.freeze / 100 },
    meanings: entry.meanings,
    alerting: entry.alerting,
    exclusionMode: entry.exclusions,
    labels: entry.labels,
  };
}

/**
 * The file an operator writes for one platform: where its measurements come from and what it promises. Gives a
 * `PlatformDefinition`; every fault is named by its field, e.g. `slos[2].target`.
 */
export const platformFile = fileShape.transform((file, ctx): PlatformDefinition => {
  const source = sourceOf(file, ctx);
  const slugs = new Map<string, number>();
  const slos = file.slos.map((entry, i) => {
    const slo = sloOf(entry, source, { path: ['slos', i], ctx });
    const twin = slugs.get(slo.slug);
    if (twin !== undefined) {
      ctx.addIssue({
        code: 'custom',
        path: ['slos', i, 'slug'],
        message: `“${slo.slug}” is taken by slos[${twin}]; give one of them another`,
      });
    } else slugs.set(slo.slug, i);
    return slo;
  });
  return { platform: file.platform, name: file.name ?? file.platform, source, intervalMs: file.interval, slos };
});
