import type { ReactNode } from 'react';
import type { AuditRow } from '../../lib/api.ts';
import { formatDateTime } from '../../lib/format.ts';
import type { Zone } from '../../lib/zone.ts';
import { Drawer } from '../../ui/drawer.tsx';
import { StatusWord } from '../../ui/status-word.tsx';
import { diffOf, linesOf } from './diff.ts';
import { actorName, statusLook, targetWords, timeOf } from './words.ts';

export interface AuditDrawerProps {
  row: AuditRow;
  now: number;
  zone: Zone;
  onClose(): void;
}

/** One row of the log in full: who, from where, what changed, and its place in the chain. */
export function AuditDrawer({ row, now, zone, onClose }: AuditDrawerProps) {
  const look = statusLook(row.status);
  const at = formatDateTime(timeOf(row), zone, now, { seconds: true });
  return (
    <Drawer open onOpenChange={onClose} title={<span className="mono">{row.action}</span>} size="wide">
      <dl className="mt-2 grid grid-cols-[112px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
        <Line name="When">{at}</Line>
        <Line name="Outcome">
          <StatusWord tone={look.tone}>{look.word}</StatusWord>
        </Line>
        <Line name="Who">
          {actorName(row)}
          {row.user_role !== null && <span className="text-ink-3">, {row.user_role}</span>}
        </Line>
        {row.user_id !== null && (
          <Line name="Id">
            <span className="mono">{row.user_id}</span>
          </Line>
        )}
        <Line name="From">{row.ip_address ?? 'not over the network'}</Line>
        <Line name="Platform">{row.platform ?? 'all'}</Line>
        {row.target !== null && (
          <Line name="On">
            <span className="mono break-all">{targetWords(row)}</span>
          </Line>
        )}
        <Line name="Level">{row.level}</Line>
        <Line name="Request">
          <span className="mono break-all">{row.request_id}</span>
        </Line>
      </dl>
      <Changes row={row} />
      <Details row={row} />
      <section aria-labelledby="audit-chain" className="mt-5">
        <h3 id="audit-chain" className="mb-1 font-semibold">
          Place in the chain
        </h3>
        <dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-3 gap-y-1.5 border-t border-ink pt-2">
          <Line name="Row">
            <span className="mono">{row.seq}</span>
          </Line>
          <Line name="Hash">
            <span className="mono break-all">{row.hash}</span>
          </Line>
          <Line name="Row before">
            <span className="mono break-all text-ink-3">{row.prev_hash}</span>
          </Line>
        </dl>
      </section>
    </Drawer>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Changes({ row }: { row: AuditRow }) {
  if (row.before === null && row.after === null) return null;
  const { changes, same } = diffOf(row.before, row.after);
  return (
    <section aria-labelledby="audit-changes" className="mt-5">
      <h3 id="audit-changes" className="mb-1 font-semibold">
        What changed
      </h3>
      <table className="w-full table-fixed border-t border-ink text-left">
        <thead className="text-micro text-ink-3">
          <tr>
            <th className="w-[28%] py-1 font-medium">Field</th>
            <th className="py-1 font-medium">Before</th>
            <th className="py-1 font-medium">After</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.path} className="border-t border-line align-top">
              <th scope="row" className="mono py-1.5 pr-3 font-medium break-words">
                {change.path}
              </th>
              <td className="mono py-1.5 pr-3 break-words text-ink-2">
                {change.before === null ? <span className="text-ink-3">none</span> : <del>{change.before}</del>}
              </td>
              <td className="mono py-1.5 break-words">
                {change.after === null ? (
                  <span className="text-ink-3">none</span>
                ) : (
                  <ins className="font-semibold no-underline">{change.after}</ins>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-1.5 text-small text-ink-3">
        {changes.length === 0 ? 'No field differs. ' : ''}
        {same === 0 ? '' : same === 1 ? '1 field stayed the same.' : `${same} fields stayed the same.`}
      </p>
    </section>
  );
}

function Details({ row }: { row: AuditRow }) {
  const lines = linesOf(row.details);
  if (lines.length === 0) return null;
  return (
    <section aria-labelledby="audit-details" className="mt-5">
      <h3 id="audit-details" className="mb-1 font-semibold">
        Details
      </h3>
      <dl className="grid grid-cols-[minmax(112px,auto)_minmax(0,1fr)] gap-x-3 gap-y-1.5 border-t border-ink pt-2">
        {lines.map((line) => (
          <Line key={line.path} name={line.path}>
            <span className="mono break-words">{line.value}</span>
          </Line>
        ))}
      </dl>
    </section>
  );
}
