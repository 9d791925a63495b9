/** What may be wrong with a definition. `error` cannot be saved, `warning` should be read, `note` is worth knowing. */
export interface LintRemark {
  code:
    | 'identical_queries'
    | 'bad_over_total'
    | 'good_is_errors'
    | 'unreachable_row'
    | 'slow_row'
    | 'long_row'
    | 'short_row'
    | 'low_traffic'
    | 'missing_bucket'
    | 'warning_inside_objective'
    | 'late_warning'
    | 'no_data'
    | 'low_coverage'
    | 'already_overspent'
    | 'percentile_as_ratio'
    | 'target_too_high';
  level: 'error' | 'warning' | 'note';
  /** The field it is about, e.g. `indicator.le`. */
  field: string;
  message: string;
}
