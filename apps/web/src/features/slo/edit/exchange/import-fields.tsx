import type { SourceChoiceView } from '@qd/shared/slo';
import type { ChangeEvent } from 'react';
import { Field, Select, Textarea } from '../../../../ui/field.tsx';
import { MAX_TEXT_BYTES } from './exchange-words.ts';

/** Where documents go that do not say it themselves; empty is nowhere. */
export interface ImportTarget {
  platform: string;
  sourceId: string;
}

export interface TextFieldProps {
  text: string;
  refusal: string | null;
  onText(text: string): void;
  onRefused(why: string): void;
}

/** The documents, pasted or from a file. */
export function TextField({ text, refusal, onText, onRefused }: TextFieldProps) {
  const read = async (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.target.files ?? [];
    if (file === undefined) return;
    if (file.size > MAX_TEXT_BYTES) {
      onRefused(`${file.name} is over 1 MB. Split it and import the parts one after the other.`);
      return;
    }
    onText(await file.text());
  };
  return (
    <>
      <Field label="Documents" error={refusal}>
        <Textarea
          className="mono h-[180px]"
          spellCheck={false}
          placeholder={'apiVersion: openslo/v1\nkind: SLO\n…'}
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
      </Field>
      <label className="grid gap-[5px] text-small">
        <span className="font-strong">Or a file, up to 1 MB</span>
        <input
          type="file"
          accept=".yaml,.yml,.json,application/yaml,application/json,text/plain"
          className="text-body file:mr-3 file:h-8 file:rounded-2 file:border file:border-solid file:border-line-strong file:bg-surface file:px-3 file:font-medium file:text-ink phone:file:h-11"
          onChange={(event) => void read(event)}
        />
      </label>
    </>
  );
}

export interface TargetFieldsProps {
  target: ImportTarget;
  onTarget(target: ImportTarget): void;
  platforms: readonly { id: string; name: string }[];
  sources: readonly SourceChoiceView[];
}

/** Where documents go that do not say it themselves. */
export function TargetFields({ target, onTarget, platforms, sources }: TargetFieldsProps) {
  const here = sources.filter(({ platformId, kind }) => platformId === target.platform && kind !== 'demo');
  return (
    <div className="grid grid-cols-2 gap-3.5 phone:grid-cols-1">
      <Field label="Platform" hint="For documents that name none.">
        <Select value={target.platform} onChange={(event) => onTarget({ platform: event.target.value, sourceId: '' })}>
          <option value="">As the documents say</option>
          {platforms.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Source" hint="For documents that name none.">
        <Select
          value={target.sourceId}
          disabled={target.platform === ''}
          onChange={(event) => onTarget({ ...target, sourceId: event.target.value })}
        >
          <option value="">As the documents say</option>
          {here.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}
