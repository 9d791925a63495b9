import type { SloDefinition } from '@qd/shared/slo';
import { Button } from '../../../../ui/button.tsx';
import { Input, Select, Textarea } from '../../../../ui/field.tsx';
import { IconButton } from '../../../../ui/icon-button.tsx';
import { exclusionWords } from '../describe-definition.ts';
import { slugIn } from '../draft/draft-input.ts';
import { type LabelDraft, nextKey } from '../draft/draft.ts';
import { useForm } from './form-context.ts';
import { FoldedPart } from './part.tsx';
import { Slot } from './slot.tsx';

const MOST_LABELS = 20;
const modes: readonly SloDefinition['exclusionMode'][] = ['auto', 'remove', 'good'];
const modeLabels: Record<SloDefinition['exclusionMode'], string> = {
  auto: 'As fits the kind',
  remove: 'Take it out',
  good: 'Count it as good',
};

/** What it is for and who looks after it. */
export function AboutPart({ mustOpen }: { mustOpen: boolean }) {
  const { draft, set } = useForm();
  const said = [draft.owner, draft.service, draft.description].filter((text) => text.trim() !== '');
  const summary = said.length > 0 ? said.join(', ') : 'description, owner, service, labels';
  const text = (name: 'slug' | 'owner' | 'service') => ({
    value: draft[name],
    autoComplete: 'off',
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  });
  return (
    <FoldedPart title="About" summary={<span className="line-clamp-1">{summary}</span>} mustOpen={mustOpen}>
      <Slot field="description" label="Description" aside="optional">
        <Textarea
          rows={2}
          maxLength={1_050}
          value={draft.description}
          onChange={(event) => set({ description: event.target.value })}
        />
      </Slot>
      <div className="grid grid-cols-2 gap-3.5 phone:grid-cols-1">
        <Slot field="owner" label="Owner" aside="optional">
          <Input maxLength={120} {...text('owner')} />
        </Slot>
        <Slot field="service" label="Service" aside="optional">
          <Input maxLength={120} {...text('service')} />
        </Slot>
        <Slot field="slug" label="Short name" hint="For addresses and files.">
          <Input
            className="mono"
            spellCheck={false}
            placeholder={slugIn({ slug: '', name: draft.name })}
            {...text('slug')}
          />
        </Slot>
        <Slot field="exclusionMode" label="Excluded time" hint={`It ${exclusionWords[draft.exclusionMode]}.`}>
          <Select
            value={draft.exclusionMode}
            onChange={(event) => set({ exclusionMode: modes.find((mode) => mode === event.target.value) ?? 'auto' })}
          >
            {modes.map((mode) => (
              <option key={mode} value={mode}>
                {modeLabels[mode]}
              </option>
            ))}
          </Select>
        </Slot>
      </div>
      <Labels />
    </FoldedPart>
  );
}

function Labels() {
  const { draft, set, errorOf } = useForm();
  const { labels } = draft;
  const change = (key: number, part: Partial<LabelDraft>) =>
    set({ labels: labels.map((label) => (label.key === key ? { ...label, ...part } : label)) });
  const error = errorOf('labels');
  return (
    <fieldset data-field="labels">
      <legend className="mb-[5px] text-small font-strong">Labels</legend>
      <div className="grid gap-2">
        {labels.map(({ key, name, value }, i) => (
          <div key={key} className="flex items-center gap-2">
            <Input
              aria-label={`Name of label ${i + 1}`}
              placeholder="name"
              maxLength={63}
              value={name}
              onChange={(event) => change(key, { name: event.target.value })}
            />
            <Input
              aria-label={`Value of label ${i + 1}`}
              placeholder="value"
              maxLength={253}
              value={value}
              onChange={(event) => change(key, { value: event.target.value })}
            />
            <IconButton
              icon="close"
              label={`Remove label ${i + 1}`}
              onClick={() => set({ labels: labels.filter((label) => label.key !== key) })}
            />
          </div>
        ))}
        {error !== undefined && (
          <p role="alert" tabIndex={-1} data-invalid="" className="text-small font-medium text-crit">
            {error}
          </p>
        )}
        {labels.length < MOST_LABELS && (
          <Button
            size="s"
            icon="plus"
            className="justify-self-start"
            onClick={() => set({ labels: [...labels, { key: nextKey(labels), name: '', value: '' }] })}
          >
            Add a label
          </Button>
        )}
      </div>
    </fieldset>
  );
}
