import { Input, Select, Textarea } from '../../../../ui/field.tsx';
import type { SloDraft } from '../draft/draft.ts';
import { comparisons, sliceLengths } from '../kinds.ts';
import { useForm } from './form-context.ts';
import { Slot } from './slot.tsx';

type QueryName = 'total' | 'bad' | 'good' | 'buckets' | 'selector' | 'query';

const queryWords: Record<QueryName, { label: string; hint: string }> = {
  total: { label: 'All events', hint: 'A counter, without rate() or increase().' },
  bad: { label: 'Bad events', hint: 'The part of them that failed.' },
  good: { label: 'Good events', hint: 'The part of them that went well.' },
  buckets: { label: 'Histogram', hint: 'Its bucket series: a name that ends in _bucket.' },
  selector: { label: 'Gauge', hint: '1 is up, 0 is down. All series of it are counted.' },
  query: { label: 'Value', hint: 'An expression with one value; it is read at the end of each slice.' },
};

/** A query in the language of the source. */
function QueryField({ name }: { name: QueryName }) {
  const { draft, set } = useForm();
  const { label, hint } = queryWords[name];
  return (
    <Slot field={`indicator.${name}`} label={label} hint={hint} required>
      <Textarea
        className="mono"
        rows={2}
        maxLength={4_000}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        value={draft[name]}
        onChange={(event) => set({ [name]: event.target.value })}
      />
    </Slot>
  );
}

/** The fields a kind needs. */
export function QueryFields() {
  const { draft } = useForm();
  switch (draft.kind) {
    case 'bad':
    case 'good':
      return (
        <>
          <QueryField name={draft.kind} />
          <QueryField name="total" />
        </>
      );
    case 'latency':
      return (
        <>
          <QueryField name="buckets" />
          <TextField
            name="le"
            field="indicator.le"
            label="Good up to"
            hint="A bound the histogram has, such as 0.25."
          />
        </>
      );
    case 'gauge':
      return <QueryField name="selector" />;
    case 'slices':
      return (
        <>
          <QueryField name="query" />
          <SliceRule />
        </>
      );
    case 'percentile':
      return (
        <>
          <QueryField name="buckets" />
          <SliceRule />
        </>
      );
    case 'push':
      return (
        <p className="text-ink-2">
          Nothing to fill in: send counts with <code className="mono">POST /api/v1/sli</code> and an API key of this
          platform. Counting begins with the first of them.
        </p>
      );
  }
}

type TextName = 'le' | 'quantilePercent' | 'value';

interface TextFieldProps {
  name: TextName;
  field: string;
  label: string;
  hint: string;
}

function TextField({ name, field, label, hint }: TextFieldProps) {
  const { draft, set } = useForm();
  return (
    <Slot field={field} label={label} hint={hint} required className="max-w-[260px] phone:max-w-none">
      <Input
        inputMode="decimal"
        autoComplete="off"
        value={draft[name]}
        onChange={(event) => set({ [name]: event.target.value })}
      />
    </Slot>
  );
}

/** When a slice of time is good: "P95 at most 0.25 in 5 min". */
function SliceRule() {
  const { draft, set } = useForm();
  const isPercentile = draft.kind === 'percentile';
  const possible = isPercentile ? comparisons.filter(({ value }) => value === 'lte' || value === 'lt') : comparisons;
  return (
    <div className="grid grid-cols-4 gap-3.5 phone:grid-cols-2">
      {isPercentile && (
        <TextField name="quantilePercent" field="indicator.quantile" label="Percentile" hint="95 for P95." />
      )}
      <Slot field="indicator.op" label="Good when">
        <Select
          value={possible.some(({ value }) => value === draft.op) ? draft.op : 'lte'}
          onChange={(event) => set(opFrom(event.target.value))}
        >
          {possible.map(({ value, label, sign }) => (
            <option key={value} value={value}>
              {label} ({sign})
            </option>
          ))}
        </Select>
      </Slot>
      <TextField name="value" field="indicator.value" label="Limit" hint="In the unit of the metric." />
      <Slot field="indicator.sliceMinutes" label="Slice">
        <Select value={draft.sliceMinutes} onChange={(event) => set({ sliceMinutes: event.target.value })}>
          {sliceLengths.map((minutes) => (
            <option key={minutes} value={minutes}>
              {minutes} min
            </option>
          ))}
        </Select>
      </Slot>
    </div>
  );
}

function opFrom(text: string): Partial<SloDraft> {
  const op = comparisons.find(({ value }) => value === text)?.value;
  return op === undefined ? {} : { op };
}
