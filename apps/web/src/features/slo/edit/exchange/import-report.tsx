import type { ImportedDocument, ImportFault, ImportReport } from '@qd/shared/slo';
import { Link } from 'react-router';
import { paths } from '../../../../lib/paths.ts';
import { useTo } from '../../../../lib/url-state.ts';
import { linkClass } from '../../../../ui/link.tsx';
import { StatusWord } from '../../../../ui/status-word.tsx';
import { sentence } from '../sentence.ts';
import { faultPlace, outcomeLook, reportSentence } from './exchange-words.ts';

/** What became of every document, or would: first what is wrong, with its line. */
export function ImportReportView({ report }: { report: ImportReport }) {
  const { documents, faults, warnings, isStored } = report;
  return (
    <section aria-label="Report" className="grid gap-3">
      <p role="status" className="text-lead font-medium">
        {reportSentence(report)}
      </p>
      <FaultList title="To be put right" faults={faults} tone="text-crit" />
      <FaultList title="Worth reading" faults={warnings} tone="text-ink" />
      {documents.length > 0 && (
        <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Documents">
          <table className="qd-table" data-density="compact">
            <caption className="sr-only">What becomes of each document</caption>
            <thead>
              <tr>
                <th scope="col" className="static! bg-transparent! pl-0!">
                  Line
                </th>
                <th scope="col" className="static! bg-transparent!">
                  Document
                </th>
                <th scope="col" className="static! bg-transparent!">
                  Outcome
                </th>
              </tr>
            </thead>
            <tbody>
              {documents.map((one) => (
                <DocumentRow key={one.document} one={one} isStored={isStored} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function FaultList({ title, faults, tone }: { title: string; faults: readonly ImportFault[]; tone: string }) {
  if (faults.length === 0) return null;
  return (
    <div>
      <h3 className="text-small font-strong">{title}</h3>
      <ul className="border-t border-line">
        {faults.map((fault) => (
          <li key={`${faultPlace(fault)}${fault.message}`} className="border-b border-line py-1.5">
            <span className="block text-small text-ink-3">{faultPlace(fault)}</span>
            <span className={`wrap-anywhere ${tone}`}>{sentence(fault.message)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function DocumentRow({ one, isStored }: { one: ImportedDocument; isStored: boolean }) {
  const to = useTo();
  const look = outcomeLook(one.outcome, isStored);
  return (
    <tr className="align-top">
      <td className="pl-0! tabular-nums">{one.line ?? one.document}</td>
      <th scope="row" className="font-medium wrap-anywhere">
        {one.kind} {one.name}
        {one.objectives.map(({ id, slug }) =>
          id === null || !isStored ? null : (
            <Link key={id} to={to(paths.slo(id))} className={`ml-2 text-small ${linkClass}`}>
              Open {slug}
            </Link>
          ),
        )}
      </th>
      <td>
        <StatusWord tone={look.tone}>{look.word}</StatusWord>
        {one.reason !== '' && <span className="block text-small text-ink-3">{sentence(one.reason)}</span>}
      </td>
    </tr>
  );
}
