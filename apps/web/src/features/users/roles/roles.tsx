import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useRef } from 'react';
import { byServerClock } from '../../../lib/clock.ts';
import { formatClock } from '../../../lib/format.ts';
import { useKey } from '../../../lib/keys.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useSettledText } from '../../../lib/settled-text.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { useUrlParams } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button } from '../../../ui/button.tsx';
import { Call, CallPart, DatumLine } from '../../../ui/call.tsx';
import { Input } from '../../../ui/field.tsx';
import { KeyHints } from '../../../ui/kbd.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { CallSkeleton, Delayed, SkeletonRows } from '../../../ui/skeleton.tsx';
import { UserPageLinks } from '../page-links.tsx';
import { MatrixKey } from './matrix-mark.tsx';
import { RoleMatrix } from './role-matrix.tsx';
import { rolesCall } from './roles-call.ts';

const RoleDrawer = lazy(() => import('./role-drawer.tsx').then((m) => ({ default: m.RoleDrawer })));
const NewRoleDrawer = lazy(() => import('./new-role-drawer.tsx').then((m) => ({ default: m.NewRoleDrawer })));

const params = ['role', 'edit', 'new', 'text', 'at'] as const;
const hints = [
  { keys: ['J', 'K'], does: 'move' },
  { keys: ['↵'], does: 'open' },
  { keys: ['/'], does: 'filter' },
];
const noGrants = 'Your role does not make roles. Owners and admins can.';

function useMatrix() {
  const trpc = useTRPC();
  return useQuery(trpc.roles.matrix.queryOptions());
}

type MatrixQuery = ReturnType<typeof useMatrix>;

/** The matrix of roles; over it the role of the address, or a new one. */
export function Roles() {
  const can = useCan();
  const query = useMatrix();
  const [values, setValues] = useUrlParams(params);
  const { draft, setDraft } = useSettledText(values.text ?? '', (text) => setValues({ text }));
  const filter = useRef<HTMLInputElement>(null);
  const matrix = query.data;
  const mayWrite = can('roles:write');
  const cursor = values.role ?? values.at ?? null;
  const isClosed = values.role === undefined && values.new === undefined;
  const move = (step: number): void => {
    const ids = matrix?.roles.map((role) => role.id) ?? [];
    const here = cursor === null ? (step > 0 ? -1 : ids.length) : ids.indexOf(cursor);
    const next = ids[here + step];
    if (next !== undefined) setValues({ at: next });
  };
  const open = (role: string): void => setValues({ role, at: role });
  useKey('j', 'Next role', () => move(1), isClosed);
  useKey('k', 'Previous role', () => move(-1), isClosed);
  useKey('enter', 'Open the role', () => cursor !== null && open(cursor), isClosed && cursor !== null);
  useKey('/', 'Filter permissions', () => filter.current?.focus(), isClosed);
  useKey('n', 'New role', () => setValues({ new: 'stakeholder' }), isClosed && mayWrite);
  return (
    <>
      <Head query={query} />
      <UserPageLinks />
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <div className="w-full max-w-72">
          <Input
            ref={filter}
            type="search"
            aria-label="Filter permissions"
            placeholder="Permission or what it lets one do"
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
          />
        </div>
        <KeyHints hints={hints} className="ml-auto" />
        <Button
          variant="primary"
          icon="plus"
          kbd="N"
          disabledReason={mayWrite ? undefined : noGrants}
          onClick={() => setValues({ new: 'stakeholder' })}
        >
          New role
        </Button>
      </div>
      <SectionHead title="What each role may do" actions={<MatrixKey />} />
      {matrix === undefined ? (
        <MatrixMissing query={query} />
      ) : (
        <RoleMatrix matrix={matrix} text={draft} cursor={cursor} onOpen={open} />
      )}
      <Suspense>
        {values.new !== undefined ? (
          <NewRoleDrawer
            base={values.new}
            onBase={(base) => setValues({ new: base })}
            onClose={(made) => setValues({ new: null, role: made, at: made ?? values.at ?? null })}
          />
        ) : (
          values.role !== undefined && (
            <RoleDrawer
              key={values.role}
              id={values.role}
              isEditing={values.edit === '1'}
              onEdit={(edits) => setValues({ edit: edits ? '1' : null })}
              onClone={(base) => setValues({ new: base, role: null, edit: null })}
              onClose={() => setValues({ role: null, edit: null })}
            />
          )
        )}
      </Suspense>
    </>
  );
}

function Head({ query }: { query: MatrixQuery }) {
  const { zone } = useTimeZone();
  const { data, error } = query;
  if (data === undefined) {
    if (error !== null) return <Call>The roles did not load.</Call>;
    return (
      <Delayed words="Reading the roles…">
        <CallSkeleton />
      </Delayed>
    );
  }
  const clock = formatClock(byServerClock(query.dataUpdatedAt), zone, { seconds: true, withZone: true });
  const [first, owners, rest] = rolesCall(data);
  const permissions = data.groups.reduce((sum, group) => sum + group.rows.length, 0);
  return (
    <>
      <Call>
        {error !== null && `At ${clock}: `}
        {first?.text} {owners?.tone === 'warn' ? <CallPart tone="warn">{owners.text}</CallPart> : owners?.text}
        {rest?.text}
      </Call>
      <DatumLine
        items={[
          {
            key: 'as-of',
            glyph: error === null ? 'ok' : 'unknown',
            content: (
              <>
                As of <b>{clock}</b>
              </>
            ),
          },
          { key: 'permissions', content: `${permissions} permissions` },
          { key: 'holders', content: 'Under each role: people who hold it now' },
          { key: 'audit', content: 'Every change is written to the audit log' },
        ]}
      />
    </>
  );
}

function MatrixMissing({ query }: { query: MatrixQuery }) {
  if (query.error !== null) return <ReadTrouble title="The matrix of roles did not load." query={query} />;
  return <SkeletonRows rows={14} rowHeight="33px" widths={['28%', '8%', '8%', '8%', '8%']} />;
}
