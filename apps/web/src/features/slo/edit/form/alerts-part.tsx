import type { AlertRules, SloPreview } from '@qd/shared/slo';
import { Button } from '../../../../ui/button.tsx';
import { Checkbox } from '../../../../ui/checkbox.tsx';
import { Input, Select } from '../../../../ui/field.tsx';
import { policyWords } from '../describe-definition.ts';
import { nextKey, type RowDraft } from '../draft/draft.ts';
import { planOf, planSummary } from './alert-plan.ts';
import { AlertRows } from './alert-rows.tsx';
import { useForm } from './form-context.ts';
import { OwnRows } from './own-rows.tsx';
import { FoldedPart } from './part.tsx';
import { PartSaid, Slot } from './slot.tsx';

const MOST_ROWS = 8;
const policies: readonly AlertRules['policy'][] = ['constant_limit', 'constant_share', 'custom'];

const policySentences: Record<AlertRules['policy'], string> = {
  constant_limit:
    'Fires over 14.4×, 6×, 3× and 1×, whatever the window. The shorter the window, the more of its budget is gone by then.',
  constant_share: 'Fires when 2%, 5% or 10% of the budget is gone, whatever the window.',
  custom: 'Rows of your own. A row fires when both its windows are over the limit.',
};

function firstRow(key: number): RowDraft {
  return { key, short: '5m', long: '1h', limit: '14.4', severity: 'page' };
}

/** When the objective speaks up. */
export function AlertsPart({ mustOpen, preview }: { mustOpen: boolean; preview: SloPreview | null }) {
  const { draft, setAlerts } = useForm();
  const { alerts } = draft;
  const lines = planOf(draft);
  const choose = (text: string) => {
    const policy = policies.find((one) => one === text);
    if (policy === undefined) return;
    const rows = policy === 'custom' && alerts.rows.length === 0 ? [firstRow(0)] : alerts.rows;
    setAlerts({ policy, rows });
  };
  return (
    <FoldedPart title="Alerts" summary={planSummary(lines, alerts.isMuted)} mustOpen={mustOpen}>
      <Slot field="alerting.policy" label="Alert rows" hint={policySentences[alerts.policy]}>
        <Select value={alerts.policy} onChange={(event) => choose(event.target.value)}>
          {policies.map((policy) => (
            <option key={policy} value={policy}>
              {policyWords[policy]}
            </option>
          ))}
        </Select>
      </Slot>
      {alerts.policy === 'custom' ? (
        <OwnRows lines={lines} preview={preview} />
      ) : (
        <AlertRows lines={lines} preview={preview} />
      )}
      <PartSaid part="alerting" />
      {alerts.policy === 'custom' && alerts.rows.length < MOST_ROWS && (
        <Button
          size="s"
          icon="plus"
          className="justify-self-start"
          onClick={() => setAlerts({ rows: [...alerts.rows, firstRow(nextKey(alerts.rows))] })}
        >
          Add a row
        </Button>
      )}
      <MoreAlerts />
    </FoldedPart>
  );
}

type TextName = 'exhaustion' | 'absent' | 'minBadEvents' | 'minTotalEvents';

interface TextProps {
  name: TextName;
  field: string;
  label: string;
  hint: string;
}

function AlertText({ name, field, label, hint }: TextProps) {
  const { draft, setAlerts } = useForm();
  return (
    <Slot field={`alerting.${field}`} label={label} hint={hint}>
      <Input
        autoComplete="off"
        value={draft.alerts[name]}
        onChange={(event) => setAlerts({ [name]: event.target.value })}
      />
    </Slot>
  );
}

/** Alerts beside the rows, and what holds all of them back. */
function MoreAlerts() {
  const { draft, setAlerts } = useForm();
  const { alerts } = draft;
  return (
    <>
      <div className="grid grid-cols-2 gap-3.5">
        <AlertText
          name="exhaustion"
          field="exhaustionMs"
          label="Budget gone within"
          hint="Fires when the budget runs out that soon, such as 24h. Empty is off."
        />
        <AlertText
          name="absent"
          field="absentMs"
          label="Nothing measured for"
          hint="Fires when data is missing for so long, such as 15m. Empty is off."
        />
        <AlertText
          name="minBadEvents"
          field="minBadEvents"
          label="Least failures"
          hint="Fewer in the long window hold a row back."
        />
        <AlertText
          name="minTotalEvents"
          field="minTotalEvents"
          label="Least events"
          hint="Fewer in the long window hold a row back."
        />
      </div>
      <div>
        <Checkbox
          label="Allow limits under 1×"
          hint="Such a row fires although the budget would last."
          checked={alerts.allowSlowRows}
          onChange={(event) => setAlerts({ allowSlowRows: event.target.checked })}
        />
        <Checkbox
          label="Mute all alerts of this objective"
          hint="They are still recorded; nobody is called."
          checked={alerts.isMuted}
          onChange={(event) => setAlerts({ isMuted: event.target.checked })}
        />
      </div>
    </>
  );
}
