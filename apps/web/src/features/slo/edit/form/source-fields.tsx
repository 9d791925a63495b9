import { Field, Input, Select } from '../../../../ui/field.tsx';
import { Segmented } from '../../../../ui/segmented.tsx';
import { ANOTHER, type NewSourceKind, platformOf, type SourceDraft } from './source-draft.ts';

export interface SourceFieldsProps {
  platforms: readonly { id: string; name: string }[];
  draft: SourceDraft;
  onChange(change: Partial<SourceDraft>): void;
  /** What the server said about a field. */
  errorOf(field: string): string | undefined;
}

const kinds: readonly { value: NewSourceKind; label: string; says: string; placeholder: string }[] = [
  {
    value: 'prometheus',
    label: 'Prometheus',
    says: 'Or anything with its query API. It knows the past: a new SLO starts with its history.',
    placeholder: 'http://prometheus:9090',
  },
  {
    value: 'scrape',
    label: 'Metrics page',
    says: 'A page in the text format of Prometheus, read by the console itself.',
    placeholder: 'http://service:8080/metrics',
  },
  { value: 'push', label: 'Pushed', says: 'Your machines send counts with an API key.', placeholder: '' },
];

const intervals = [5, 10, 15, 30, 60] as const;

/** For which platform, of which kind, and where. */
export function SourceFields(props: SourceFieldsProps) {
  const { draft, onChange, errorOf } = props;
  const words = kinds.find(({ value }) => value === draft.kind);
  const wrongKind = errorOf('kind');
  return (
    <>
      <PlatformFields {...props} />
      <div>
        <Segmented label="Kind of source" value={draft.kind} onChange={(kind) => onChange({ kind })} options={kinds} />
        <p className="mt-1.5 text-small text-ink-3">{words?.says}</p>
        {wrongKind !== undefined && (
          <p role="alert" className="mt-1 text-small font-medium text-crit">
            {wrongKind}
          </p>
        )}
      </div>
      {draft.kind !== 'push' && (
        <>
          <Field label="Address" required error={errorOf('url')}>
            <Input
              type="url"
              className="mono"
              value={draft.url}
              placeholder={words?.placeholder}
              maxLength={2_000}
              spellCheck={false}
              onChange={(event) => onChange({ url: event.target.value })}
            />
          </Field>
          <Field label="Something new every" hint="The interval at which it is scraped.">
            <Select
              value={draft.intervalSeconds}
              onChange={(event) => onChange({ intervalSeconds: Number(event.target.value) })}
            >
              {intervals.map((seconds) => (
                <option key={seconds} value={seconds}>
                  {seconds} s
                </option>
              ))}
            </Select>
          </Field>
        </>
      )}
    </>
  );
}

function PlatformFields({ platforms, draft, onChange, errorOf }: SourceFieldsProps) {
  const id = platformOf(draft);
  const isNew = draft.platform === ANOTHER;
  return (
    <>
      <Field label="Of which platform" error={isNew ? undefined : errorOf('platform')}>
        <Select value={draft.platform} onChange={(event) => onChange({ platform: event.target.value })}>
          {platforms.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
          <option value={ANOTHER}>A new platform…</option>
        </Select>
      </Field>
      {isNew && (
        <Field
          label="Name of the platform"
          required
          hint={id === '' ? 'As it stands in lists, such as “Shop”.' : `In addresses and keys: ${id}`}
          error={errorOf('platform') ?? errorOf('platformName')}
        >
          <Input
            value={draft.platformName}
            maxLength={80}
            onChange={(event) => onChange({ platformName: event.target.value })}
          />
        </Field>
      )}
    </>
  );
}
