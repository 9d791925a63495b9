export type Zone = 'caution' | 'freeze' | 'overspent' | 'unknown' | 'excluded';

/** Value of `fill` for a zone; the same idPrefix must have been given to ZonePatterns in the same svg. */
export function zoneFill(idPrefix: string, zone: Zone): string {
  return `url(#${idPrefix}-${zone})`;
}

export type ZonePatternsProps = {
  /** Keeps the ids of two charts on a page apart. */
  idPrefix: string;
};

const tile = { patternUnits: 'userSpaceOnUse' } as const;

/** Pattern definitions for charts: dots, single hatch, cross hatch, the hatch of time without data and of time that does not count. */
export function ZonePatterns({ idPrefix }: ZonePatternsProps) {
  return (
    <defs>
      <pattern id={`${idPrefix}-caution`} width="7" height="7" {...tile}>
        <rect width="7" height="7" fill="var(--qd-warn-tint)" opacity=".8" />
        <circle cx="3.5" cy="3.5" r="1.1" fill="var(--qd-warn-fill)" opacity=".55" />
      </pattern>
      <pattern id={`${idPrefix}-freeze`} width="6" height="6" patternTransform="rotate(45)" {...tile}>
        <rect width="6" height="6" fill="var(--qd-crit-tint)" opacity=".7" />
        <path d="M0 0V6" stroke="var(--qd-crit-fill)" strokeWidth="2" opacity=".3" />
      </pattern>
      <pattern id={`${idPrefix}-overspent`} width="9" height="9" patternTransform="rotate(45)" {...tile}>
        <rect width="9" height="9" fill="var(--qd-crit-tint)" />
        <path d="M0 0V9M0 0H9" stroke="var(--qd-crit-fill)" strokeWidth="2" opacity=".2" />
      </pattern>
      <pattern id={`${idPrefix}-unknown`} width="5" height="5" patternTransform="rotate(-45)" {...tile}>
        <rect width="5" height="5" fill="var(--qd-stale-tint)" />
        <path d="M0 0V5" stroke="var(--qd-hatch)" strokeWidth="2" />
      </pattern>
      <pattern id={`${idPrefix}-excluded`} width="6" height="6" {...tile}>
        <rect width="6" height="6" fill="var(--qd-info-tint)" opacity=".45" />
        <path d="M0 3H6" stroke="var(--qd-info)" strokeWidth="1" opacity=".2" />
      </pattern>
    </defs>
  );
}
