import type { SloDefinition } from '../definition.ts';
import type { LintRemark } from './types.ts';

const matcherShape = /([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*(["'`])(.*?)\3/g;
const errorValue = /(?:^|[|(])5(?:\.\.|\\{1,2}d|xx|\d\d$|\d\d[|)]|\[)|error|fail/i;
const successValue = /(?:^|[|(])2(?:\.\.|\\{1,2}d|xx|\d\d$|\d\d[|)]|\[)|success|^ok$/i;
const errorName = /(?:^|_)(?:errors?|fail(?:ed|ures?)?)(?:_|$)/i;
const nameShape = /^\s*([a-zA-Z_:][\w:]*)/;

/** What a selector seems to pick, by its name and the labels it asks for. */
function picks(query: string): { errors: boolean; successes: boolean } {
  const found = { errors: errorName.test(nameShape.exec(query)?.[1] ?? ''), successes: false };
  for (const [, , operator = '', , value = ''] of query.matchAll(matcherShape)) {
    const isError = errorValue.test(value);
    if (operator.startsWith('!')) found.successes ||= isError;
    else {
      found.errors ||= isError;
      found.successes ||= successValue.test(value);
    }
  }
  return found;
}

/** Remarks on what is counted, as far as the texts of the queries tell. */
export function lintQueries({ indicator }: SloDefinition): LintRemark[] {
  switch (indicator.kind) {
    case 'counters':
      return 'bad' in indicator
        ? lintPart(indicator.total, { field: 'indicator.bad', query: indicator.bad, isGood: false })
        : lintPart(indicator.total, { field: 'indicator.good', query: indicator.good, isGood: true });
    case 'latency':
      return [
        {
          code: 'percentile_as_ratio',
          level: 'note',
          field: 'indicator.kind',
          message:
            'counts requests within the bound. “p95 within the bound in every 5 minutes” is the percentile kind: it judges minutes, and the two differ.',
        },
      ];
    case 'percentile':
      return [
        {
          code: 'percentile_as_ratio',
          level: 'note',
          field: 'indicator.kind',
          message:
            'judges minutes, so that a quiet slice weighs as much as a busy one. To count requests within a bound instead, choose latency; the two differ.',
        },
      ];
    case 'gauge':
    case 'slices':
    case 'push':
      return [];
  }
}

function lintPart(total: string, part: { field: string; query: string; isGood: boolean }): LintRemark[] {
  const { field, query, isGood } = part;
  if (bare(total) === bare(query)) {
    const ratio = isGood ? 'nothing could ever be bad' : 'everything would be bad';
    const message = `is the same query as the total, so that ${ratio}; add the labels that tell them apart`;
    return [{ code: 'identical_queries', level: 'error', field, message }];
  }
  const { errors, successes } = picks(query);
  const message = isGood
    ? 'seems to select errors, though it should count what went well; name it as bad, or turn the matcher round'
    : 'seems to select what went well, though it should count failures; name it as good, or turn the matcher round';
  const isSwapped = isGood ? errors && !successes : successes && !errors;
  return isSwapped ? [{ code: 'good_is_errors', level: 'warning', field, message }] : [];
}

/** A query without blanks, for comparing. */
function bare(query: string): string {
  return query.replace(/\s+/g, '');
}
