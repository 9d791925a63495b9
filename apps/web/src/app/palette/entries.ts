import type { Permission } from '@qd/shared/permissions';
import type { PlatformView } from '@qd/shared/platforms';
import type { SloSummary } from '@qd/shared/slo';
import { formatPercent } from '../../lib/format.ts';
import { paths } from '../../lib/paths.ts';
import { byUrgency, isStale } from '../../lib/slo-words.ts';
import type { IconName } from '../../ui/icon.tsx';
import { inSentence } from '../overview/call-sentence.ts';
import type { NavEntry } from '../shell/nav.ts';
import { matchEntry, type Span } from './rank.ts';

export type Group = 'Budgets' | 'Actions' | 'Go to' | 'Platforms';

export interface Entry {
  id: string;
  group: Group;
  label: string;
  /** Behind the label in a lighter voice. */
  note: string;
  keywords: string;
  /** Keys that do the same: `g s`. */
  keys?: string;
  icon?: IconName;
  slo?: SloSummary;
  /** Address, for entries that lead somewhere: those can open in a new tab. */
  href?: { pathname: string; params?: Record<string, string | null> };
  run?(): void;
}

/** An entry for those who hold a permission. */
export interface PermittedEntry extends Entry {
  permission: Permission;
}

export interface ShownEntry extends Entry {
  spans: Span[];
}

function leftWords(slo: SloSummary): string {
  const left = slo.budget.leftRatio;
  return left === null || isStale(slo) ? 'no fresh data' : `${formatPercent(left)} left`;
}

export function sloEntries(slos: readonly SloSummary[]): Entry[] {
  return slos.toSorted(byUrgency).map((slo) => ({
    id: `slo ${slo.id}`,
    group: 'Budgets',
    label: `${slo.platformName} ${inSentence(slo.name)}`,
    note: leftWords(slo),
    keywords: `error budget slo objective ${slo.targetPercent} ${slo.description}`,
    slo,
    href: { pathname: paths.slo(slo.id) },
  }));
}

export function platformEntries(platforms: readonly PlatformView[], scope: string | null): Entry[] {
  const all: Entry = {
    id: 'platform *',
    group: 'Platforms',
    label: 'All platforms',
    note: 'every page shows all again',
    keywords: 'platform scope everything',
    icon: 'filter',
    href: { pathname: '', params: { platform: null } },
  };
  const one = platforms.map((platform): Entry => ({
    id: `platform ${platform.id}`,
    group: 'Platforms',
    label: platform.name,
    note: 'narrow every page to it',
    keywords: `platform scope filter ${platform.id}`,
    icon: 'filter',
    href: { pathname: '', params: { platform: platform.id } },
  }));
  return scope === null ? one : [all, ...one.filter((entry) => entry.id !== `platform ${scope}`)];
}

type PageEntry = Pick<PermittedEntry, 'label' | 'note' | 'keywords' | 'icon' | 'keys'> & { permission?: Permission };

/** The way to a page by its address. */
export function pageEntry<T extends PageEntry>({ path, ...rest }: T & { path: string }) {
  return { ...rest, id: `page ${path}`, group: 'Go to' as const, href: { pathname: path } };
}

export function pageEntries(pages: readonly NavEntry[]): Entry[] {
  return pages.map(({ path, label, group, key, icon }) =>
    pageEntry({ path, label, note: '', keywords: `page ${group} objectives budgets`, keys: `g ${key}`, icon }),
  );
}

/** Pages that stand under another one, and are found by their name all the same. */
export const innerPages: readonly Entry[] = [
  pageEntry({
    path: paths.sloExclusions,
    label: 'Exclusions',
    note: 'time that does not count',
    keywords: 'page maintenance exclude downtime slo',
    icon: 'slos',
  }),
];

/** Who may do what, by the permission that opens the page. */
export const accessPages: readonly PermittedEntry[] = [
  pageEntry({
    path: paths.roles,
    label: 'Roles',
    note: 'what each role may do',
    keywords: 'page permissions matrix grant',
    icon: 'users',
    permission: 'roles:read',
  }),
  pageEntry({
    path: paths.explain,
    label: 'Why can they',
    note: 'why a person may do something',
    keywords: 'page explain permission grant rights',
    icon: 'users',
    permission: 'roles:read',
  }),
  pageEntry({
    path: paths.signInSettings,
    label: 'Sign-in settings',
    note: 'second factors by role, identity providers',
    keywords: 'page policy mfa 2fa passkey oidc sso security settings',
    icon: 'lock',
    permission: 'users:policy',
  }),
];

/** Everybody's own. */
export const ownPages: readonly Entry[] = [
  pageEntry({
    path: paths.approvals,
    label: 'Approvals',
    note: 'what waits for a second person',
    keywords: 'page requests four eyes approve reject',
    icon: 'users',
  }),
  pageEntry({
    path: paths.account,
    label: 'Your account',
    note: 'password, second factors, sessions',
    keywords: 'page profile name passkey totp authenticator recovery codes sign-in security settings',
    icon: 'lock',
  }),
];

/** The way to define one more objective. */
export const newSlo: Entry = {
  id: 'action New SLO',
  group: 'Actions',
  label: 'New SLO',
  note: '',
  keywords: 'create add define objective budget',
  icon: 'plus',
  href: { pathname: paths.sloNew },
};

const groups: readonly Group[] = ['Budgets', 'Actions', 'Go to', 'Platforms'];
const MOST_PER_GROUP = 6;
/** Before anything is typed, only the most urgent budgets are shown. */
const IDLE_BUDGETS = 3;

/** Entries that fit, in groups, best first; groups keep their order unless one fits clearly better. */
export function search(query: string, entries: readonly Entry[]): { group: Group; entries: ShownEntry[] }[] {
  const isIdle = query.trim() === '';
  const found = entries.flatMap((entry) => {
    const match = matchEntry(query, entry.label, entry.keywords);
    return match ? [{ entry: { ...entry, spans: match.spans }, score: match.score }] : [];
  });
  return groups
    .map((group) => {
      const inGroup = found.filter(({ entry }) => entry.group === group);
      const most = isIdle && group === 'Budgets' ? IDLE_BUDGETS : MOST_PER_GROUP;
      const best = inGroup.toSorted((a, b) => b.score - a.score).slice(0, most);
      return { group, entries: best.map(({ entry }) => entry), top: best[0]?.score ?? -1 };
    })
    .filter(({ entries: shown }) => shown.length > 0)
    .toSorted((a, b) => (isIdle ? 0 : b.top - a.top))
    .map(({ group, entries: shown }) => ({ group, entries: shown }));
}
