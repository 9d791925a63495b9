import type { KeyBar, KeyDetail } from '@qd/shared/api-keys';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { formatAge, formatDateTime, formatDay } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { linkClass } from '../../../ui/link.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { policyWords } from '../list/call-words.ts';
import type { At } from '../list/state-words.ts';

const environments = { prod: 'Production', staging: 'Staging', dev: 'Development', test: 'Test' } as const;
const formats = {
  v2: 'With id and checksum',
  seed16: 'Sixteen characters, as in the manual',
  opaque: 'Made elsewhere; rotate it to one of ours',
} as const;

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-3 border-b border-line py-1.5">
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  );
}

/** What is known of the key besides its use. */
export function KeyFacts({ detail, at }: { detail: KeyDetail; at: At }) {
  const when = (instant: number | null, none: string) =>
    instant === null ? none : formatDateTime(instant, at.zone, at.nowMs);
  return (
    <section aria-label="About the key" className="min-w-0">
      <SectionHead title="About the key" />
      <dl className="border-t border-ink">
        <Fact name="Platform">{detail.platformName}</Fact>
        <Fact name="Environment">{environments[detail.environment]}</Fact>
        <Fact name="Acts for">
          <Owner owner={detail.owner} />
        </Fact>
        <Fact name="Format">{formats[detail.format]}</Fact>
        <Fact name="Policy">{policyWords(detail.policy)}</Fact>
        <Fact name="Created">
          {when(detail.createdAt, '')}
          {detail.createdByName !== null && ` by ${detail.createdByName}`}
        </Fact>
        <Fact name="Expires">{when(detail.expiresAt, 'Never by itself')}</Fact>
        <Fact name="First used">{when(detail.firstUsedAt, 'Never')}</Fact>
        <Fact name="Last used">{detail.lastUsedAt === null ? 'Never' : formatAge(at.nowMs - detail.lastUsedAt)}</Fact>
        <Fact name="Stored as">
          {detail.state === 'pending'
            ? 'Nothing yet: it has no secret'
            : `Keyed hash, pepper version ${detail.pepperVersion}`}
        </Fact>
      </dl>
      {detail.lineage.length > 1 && <Lineage detail={detail} at={at} />}
    </section>
  );
}

function Owner({ owner }: { owner: KeyDetail['owner'] }) {
  const to = useTo();
  const can = useCan();
  if (owner === null) return 'A service of its own';
  if (!can('users:read')) return owner.name;
  return (
    <Link to={to(paths.user(owner.id))} className={linkClass}>
      {owner.name}
    </Link>
  );
}

function Lineage({ detail, at }: { detail: KeyDetail; at: At }) {
  const to = useTo();
  const day = (instant: number) => formatDay(instant, at.zone, at.nowMs);
  const span = (bar: KeyBar) => `${day(bar.createdAt)} to ${bar.endedAt === null ? 'now' : day(bar.endedAt)}`;
  return (
    <>
      <SectionHead title="Before and after" level={3} className="mt-4" />
      <ol className="grid gap-1">
        {detail.lineage.map((bar) => (
          <li key={bar.id} className="flex flex-wrap gap-x-3">
            {bar.id === detail.id ? (
              <b className="mono">{bar.shown}</b>
            ) : (
              <Link to={to(paths.key(bar.id))} className={`${linkClass} mono`}>
                {bar.shown}
              </Link>
            )}
            <span className="text-ink-3">{span(bar)}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
