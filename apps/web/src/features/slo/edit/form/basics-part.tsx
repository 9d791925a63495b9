import type { SourceChoiceView } from '@qd/shared/slo';
import { useState } from 'react';
import { Button } from '../../../../ui/button.tsx';
import { Select } from '../../../../ui/field.tsx';
import { Glyph } from '../../../../ui/glyph.tsx';
import type { SloDraft } from '../draft/draft.ts';
import { isKindOf, kinds } from '../kinds.ts';
import { AddSourceDialog } from './add-source-dialog.tsx';
import { useForm } from './form-context.ts';
import { KindChoice } from './kind-choice.tsx';
import { Part } from './part.tsx';
import { QueryFields } from './query-fields.tsx';
import { PartSaid, Slot } from './slot.tsx';

export interface BasicsPartProps {
  platforms: readonly { id: string; name: string }[];
  sources: readonly SourceChoiceView[];
  /** An objective stays on its platform. */
  platformFixed: boolean;
}

/** Where it is measured and what is counted. */
export function BasicsPart({ platforms, sources, platformFixed }: BasicsPartProps) {
  const { draft, set, source } = useForm();
  const [isAdding, setIsAdding] = useState(false);
  const here = sources.filter(({ platformId, kind }) => platformId === draft.platform && kind !== 'demo');
  return (
    <Part title="What is measured">
      <div className="grid grid-cols-2 gap-3.5 phone:grid-cols-1">
        <Slot field="platform" label="Platform" required>
          <Select
            value={draft.platform}
            disabled={platformFixed}
            onChange={(event) => set(onPlatform(event.target.value, sources))}
          >
            {draft.platform === '' && <option value="">Choose a platform</option>}
            {platforms.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Slot>
        <Slot
          field="sourceId"
          label="Source"
          required
          hint={source === null ? undefined : <SourceState source={source} />}
        >
          <Select
            value={draft.sourceId}
            onChange={(event) =>
              set(
                onSource(
                  sources.find(({ id }) => id === event.target.value),
                  draft,
                ),
              )
            }
          >
            {source === null && <option value={draft.sourceId}>Choose a source</option>}
            {here.map((one) => (
              <option key={one.id} value={one.id}>
                {sourceLabel(one)}
              </option>
            ))}
          </Select>
        </Slot>
      </div>
      {!platformFixed && (
        <p className="flex flex-wrap items-center gap-2 text-small text-ink-3">
          {draft.platform !== '' && here.length === 0 ? 'This platform has no source yet.' : 'Measured from elsewhere?'}
          <Button size="s" icon="plus" onClick={() => setIsAdding(true)}>
            Add a source
          </Button>
        </p>
      )}
      {isAdding && (
        <AddSourceDialog
          platforms={platforms}
          platform={draft.platform}
          onClose={() => setIsAdding(false)}
          onAdded={({ platform, id }) => {
            set({ platform, sourceId: id });
            setIsAdding(false);
          }}
        />
      )}
      <KindChoice source={source} />
      <QueryFields />
      <PartSaid part="indicator" />
    </Part>
  );
}

const kindNames: Record<SourceChoiceView['kind'], string> = {
  prometheus: 'Prometheus',
  scrape: 'scraped page',
  push: 'pushed counts',
  self: 'this console',
  demo: 'demo',
};

/** `Prometheus prod, knows the past`. */
function sourceLabel({ name, kind, hasHistory, isDown }: SourceChoiceView): string {
  const says = name.toLowerCase().includes(kindNames[kind].toLowerCase());
  const what = says ? name : `${name}, ${kindNames[kind]}`;
  return `${what}${hasHistory ? ', knows the past' : ''}${isDown ? ' (does not answer)' : ''}`;
}

/** Where the choice of a platform leads: to its one source, if it has one. */
export function onPlatform(platform: string, sources: readonly SourceChoiceView[]): Partial<SloDraft> {
  const here = sources.filter((one) => one.platformId === platform && one.kind !== 'demo');
  const [only] = here;
  return { platform, sourceId: here.length === 1 && only !== undefined ? only.id : '' };
}

/** A source that cannot measure the chosen kind brings the first one it can. */
function onSource(source: SourceChoiceView | undefined, { kind }: SloDraft): Partial<SloDraft> {
  if (source === undefined) return { sourceId: '' };
  if (isKindOf(kind, source.kinds)) return { sourceId: source.id };
  const first = kinds.find((one) => isKindOf(one.kind, source.kinds));
  return first === undefined ? { sourceId: source.id } : { sourceId: source.id, kind: first.kind };
}

function SourceState({ source }: { source: SourceChoiceView }) {
  const version = source.serverVersion === null ? '' : ` ${source.serverVersion}`;
  const past = source.hasHistory
    ? 'It knows the past: preview and backfill work.'
    : 'It does not know the past: counting begins when this is saved.';
  return (
    <span className="flex items-start gap-1.5">
      <Glyph name={source.isDown ? 'unknown' : 'ok'} className="mt-0.5" />
      <span>
        {source.isDown ? 'Does not answer now.' : `Answers${version}.`} {past}
      </span>
    </span>
  );
}
