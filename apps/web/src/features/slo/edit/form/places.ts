/** Fields that show what is said about them themselves. */
const slots =
  /^(platform|sourceId|targetPercent|cautionRatio|freezeRatio|name|slug|description|owner|service|labels|exclusionMode|indicator\.(total|bad|good|buckets|selector|query|le|quantile|value|sliceMinutes)|alerting\.(minBadEvents|minTotalEvents|exhaustionMs|absentMs)|meanings\.\w+)$/;
const listSlots =
  /^(windows\[\d+\]\.(windowMs|anchorAt|calendar\.(count|timeZone|startDate|unit))|alerting\.rows\[\d+\]\.(shortMs|longMs|limit|severity))$/;

/** Parts of the form that show what none of their fields does. */
export const parts = ['indicator', 'windows', 'alerting'] as const;

/** Where something about a field is shown: at the field, at its part of the form, or `form` for the foot. */
export function placeOf(field: string): string {
  if (slots.test(field) || listSlots.test(field)) return field;
  return parts.find((part) => field === part || field.startsWith(`${part}.`) || field.startsWith(`${part}[`)) ?? 'form';
}

/** A field as the server names it inside of a bigger input. */
export function bareField(field: string): string {
  return field.replace(/^definition\./, '');
}
