import type { SloPreview } from '@qd/shared/slo';
import { Input, Select } from '../../../../ui/field.tsx';
import { IconButton } from '../../../../ui/icon-button.tsx';
import type { RowDraft } from '../draft/draft.ts';
import { costWords, detectionWords, firingsOf, type PlanLine } from './alert-plan.ts';
import { firingWords } from './alert-rows.tsx';
import { useForm } from './form-context.ts';
import { Remarks, Slot } from './slot.tsx';

/** Rows of one's own: two windows, a limit and whom it calls, and under each what that comes to. */
export function OwnRows({ lines, preview }: { lines: readonly PlanLine[]; preview: SloPreview | null }) {
  const { draft } = useForm();
  return (
    <div className="grid gap-3">
      {draft.alerts.rows.map((row, index) => (
        <OwnRow key={row.key} row={row} index={index} line={lines[index]} preview={preview} />
      ))}
    </div>
  );
}

interface OwnRowProps {
  row: RowDraft;
  index: number;
  line: PlanLine | undefined;
  preview: SloPreview | null;
}

/** The fields are narrow: what is said about them is read out with them, and stands under the whole row. */
const said = '[&_p]:sr-only';

const texts = [
  { name: 'short', field: 'shortMs', label: 'Short window' },
  { name: 'long', field: 'longMs', label: 'Long window' },
  { name: 'limit', field: 'limit', label: 'Limit, ×' },
] as const;

function OwnRow({ row, index, line, preview }: OwnRowProps) {
  const { draft, setAlerts, errorOf, remarksOf } = useForm();
  const { rows } = draft.alerts;
  const change = (part: Partial<RowDraft>) =>
    setAlerts({ rows: rows.map((one) => (one.key === row.key ? { ...one, ...part } : one)) });
  const field = `alerting.rows[${index}]`;
  const fields = [...texts.map((text) => `${field}.${text.field}`), `${field}.severity`];
  const errors = fields.flatMap((one) => errorOf(one) ?? []);
  return (
    <fieldset className="border-l-2 border-line-2 pl-3">
      <legend className="sr-only">Row {index + 1}</legend>
      <div className="grid grid-cols-[1fr_1fr_1fr_1fr_auto] items-start gap-2 phone:grid-cols-2">
        {texts.map(({ name, field: part, label }) => (
          <Slot key={name} field={`${field}.${part}`} label={label} className={said}>
            <Input autoComplete="off" value={row[name]} onChange={(event) => change({ [name]: event.target.value })} />
          </Slot>
        ))}
        <Slot field={`${field}.severity`} label="Calls" className={said}>
          <Select
            value={row.severity}
            onChange={(event) => change({ severity: event.target.value === 'ticket' ? 'ticket' : 'page' })}
          >
            <option value="page">Page</option>
            <option value="ticket">Ticket</option>
          </Select>
        </Slot>
        <IconButton
          icon="close"
          label={`Remove row ${index + 1}`}
          className="mt-[22px]"
          onClick={() => setAlerts({ rows: rows.filter((one) => one.key !== row.key) })}
        />
      </div>
      <p className="mt-1 text-small text-ink-3">{lineWords(line, preview)}</p>
      <div aria-hidden="true" className="text-small">
        {errors.map((error) => (
          <p key={error} className="font-medium text-crit">
            {error}
          </p>
        ))}
        <Remarks remarks={fields.flatMap(remarksOf)} />
      </div>
    </fieldset>
  );
}

/** What a row comes to: `2.0% of the budget is gone; a full outage fires it after 43 s`. */
function lineWords(line: PlanLine | undefined, preview: SloPreview | null): string {
  const plan = line?.plan ?? null;
  if (plan === null) return 'Not readable yet.';
  const cost = `${costWords(plan)} of the budget is gone at the limit`;
  const seen = plan.problem === null ? `a full outage fires it ${detectionWords(plan)}` : detectionWords(plan);
  const fired = firingsOf(plan, preview);
  return `${cost}; ${seen}${fired === null ? '' : `; would have fired ${firingWords(fired)} in the preview`}.`;
}
