import type { FactorCoverage, FactorPolicyView } from '@qd/shared/users';
import { useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { Part } from '../account/part.tsx';
import { CoverageBar } from './coverage-bar.tsx';
import { coverageWords, ruleWords } from './policy-words.ts';

/** A role with its rule and how far its people are. */
export interface RuleRow {
  policy: FactorPolicyView;
  coverage: FactorCoverage;
}

function stateOf({ policy, coverage }: RuleRow) {
  if (coverage.overdue > 0) return <StatusWord tone="crit">Overdue</StatusWord>;
  if (coverage.inGrace > 0) return <StatusWord tone="warn">In grace</StatusWord>;
  if (policy.isRequired) return <StatusWord tone="ok">Met</StatusWord>;
  return null;
}

/** Who must use a second factor: one rule for each role, and how far its people have come. */
export function RulesPart({ rows, onEdit }: { rows: readonly RuleRow[]; onEdit(role: string): void }) {
  const [cursor, setCursor] = useState<string | null>(null);
  const change = ({ policy }: RuleRow) => (
    <Button size="s" icon="pencil" aria-label={`Change rule of ${policy.title}`} onClick={() => onEdit(policy.role)}>
      Change
    </Button>
  );
  const columns: Column<RuleRow>[] = [
    {
      key: 'role',
      head: 'Role',
      cell: ({ policy }) => <span className="font-medium">{policy.title}</span>,
      rowHead: true,
    },
    { key: 'rule', head: 'Second factor', cell: ({ policy }) => ruleWords(policy), width: '24%' },
    { key: 'state', head: 'State', cell: stateOf, width: '96px' },
    {
      key: 'bar',
      head: 'Coverage',
      cell: ({ coverage }) => <CoverageBar coverage={coverage} />,
      width: '18%',
      hide: 'fold',
    },
    { key: 'counts', head: 'People', cell: ({ coverage }) => coverageWords(coverage), width: '22%' },
    { key: 'act', head: <span className="sr-only">Act</span>, cell: change, width: '108px', align: 'right' },
  ];
  return (
    <Part title="Second factors by role" note="active people; somebody with two roles counts in both">
      <DataTable
        caption="Second factors by role"
        columns={columns}
        rows={rows}
        rowKey={({ policy }) => policy.role}
        cursorKey={cursor}
        onCursor={setCursor}
        onOpen={({ policy }) => onEdit(policy.role)}
        renderPhone={(row) => (
          <div className="grid gap-1 py-1">
            <div className="flex items-center gap-3">
              <span className="flex-1 font-medium">{row.policy.title}</span>
              {stateOf(row)}
              {change(row)}
            </div>
            <p className="text-small text-ink-2">
              {ruleWords(row.policy)}. {coverageWords(row.coverage)}.
            </p>
            <CoverageBar coverage={row.coverage} />
          </div>
        )}
      />
    </Part>
  );
}
