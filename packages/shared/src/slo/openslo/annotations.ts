const PREFIX = 'quarterdeck.dev/';

/** What OpenSLO has no field for, by its name behind our prefix. Values are text, or JSON where they have parts. */
export const annotationNames = [
  'platform',
  'slug',
  'source',
  'owner',
  'service',
  'indicator',
  'windows',
  'alerting',
  'caution-ratio',
  'freeze-ratio',
  'meanings',
  'exclusion-mode',
  'labels',
  'row',
  'window',
  'kind',
] as const;
export type AnnotationName = (typeof annotationNames)[number];
export type Annotations = Partial<Record<AnnotationName, string>>;

/** Our annotations under their full names. */
export function writeAnnotations(own: Annotations): Record<string, string> {
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [`${PREFIX}${name}`, value]));
}

/** Ours among the annotations of a document, and the names under our prefix that nobody knows. */
export function readAnnotations(all: Record<string, string> = {}): { own: Annotations; unknown: string[] } {
  const own: Annotations = {};
  const unknown: string[] = [];
  for (const [key, value] of Object.entries(all)) {
    if (!key.startsWith(PREFIX)) continue;
    const name = annotationNames.find((known) => `${PREFIX}${known}` === key);
    if (name === undefined) unknown.push(key);
    else own[name] = value;
  }
  return { own, unknown };
}
