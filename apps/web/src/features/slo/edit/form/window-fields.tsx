import type { CalendarSpec } from '@qd/shared/slo';
import { useId } from 'react';
import { serverNow } from '../../../../lib/clock.ts';
import { localZone } from '../../../../lib/zone.ts';
import { Input, Select } from '../../../../ui/field.tsx';
import { usualStart, type WindowDraft } from '../draft/draft.ts';
import { useForm } from './form-context.ts';
import { Slot } from './slot.tsx';

export interface WindowFieldsProps {
  window: WindowDraft;
  index: number;
}

/** How long a window is, and where a cycle begins. */
export function LengthFields({ window, index }: WindowFieldsProps) {
  const { setWindow } = useForm();
  return (
    <div className="grid grid-cols-2 gap-3.5 phone:grid-cols-1">
      <Slot field={`windows[${index}].windowMs`} label="Length" hint="Such as 30d, 7d or 12h.">
        <Input
          autoComplete="off"
          value={window.length}
          onChange={(event) => setWindow(window.key, { length: event.target.value })}
        />
      </Slot>
      {window.kind === 'cycle' && (
        <Slot field={`windows[${index}].anchorAt`} label="A cycle begins on" hint="00:00 UTC of that day.">
          <Input
            type="date"
            value={window.anchorDay}
            onChange={(event) => setWindow(window.key, { anchorDay: event.target.value, anchorAt: null })}
          />
        </Slot>
      )}
    </div>
  );
}

const units: readonly CalendarSpec['unit'][] = ['day', 'week', 'month', 'quarter', 'year'];

/** Which calendar periods, counted from when, by which clock. */
export function CalendarFields({ window, index }: WindowFieldsProps) {
  const { setWindow } = useForm();
  const field = `windows[${index}].calendar`;
  const setUnit = (text: string) => {
    const unit = units.find((one) => one === text);
    if (unit !== undefined) setWindow(window.key, { unit, startDate: usualStart(unit, serverNow()) });
  };
  return (
    <div className="grid grid-cols-2 gap-3.5 phone:grid-cols-1">
      <div className="grid grid-cols-[64px_minmax(0,1fr)] gap-2">
        <Slot field={`${field}.count`} label="Every">
          <Input
            inputMode="numeric"
            autoComplete="off"
            value={window.count}
            onChange={(event) => setWindow(window.key, { count: event.target.value })}
          />
        </Slot>
        <Slot field={`${field}.unit`} label="Period">
          <Select value={window.unit} onChange={(event) => setUnit(event.target.value)}>
            {units.map((unit) => (
              <option key={unit}>{unit}</option>
            ))}
          </Select>
        </Slot>
      </div>
      <Slot field={`${field}.startDate`} label="Counted from" hint="A day on which a period begins.">
        <Input
          type="date"
          value={window.startDate}
          onChange={(event) => setWindow(window.key, { startDate: event.target.value })}
        />
      </Slot>
      <ZoneField window={window} field={`${field}.timeZone`} />
    </div>
  );
}

function ZoneField({ window, field }: { window: WindowDraft; field: string }) {
  const { setWindow } = useForm();
  const list = useId();
  const here = localZone().name;
  return (
    <Slot field={field} label="Time zone" hint={`Such as ${here === 'UTC' ? 'Europe/Berlin' : here}.`}>
      <Input
        list={list}
        autoComplete="off"
        spellCheck={false}
        value={window.timeZone}
        onChange={(event) => setWindow(window.key, { timeZone: event.target.value })}
      />
      <datalist id={list}>
        {['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </Slot>
  );
}
