import { z } from 'zod';
import { prose } from './plain-text.ts';

const MAX_CHARS = 300;
const sentence = prose(MAX_CHARS).default('');

/** What each zone of the budget means to the team, in its own words; an empty one has the standard sentence. */
export const policyMeanings = z.strictObject({
  ship: sentence,
  caution: sentence,
  freeze: sentence,
  overspent: sentence,
});
export type PolicyMeanings = z.output<typeof policyMeanings>;
