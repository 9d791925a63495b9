import type { SloDraft } from '../draft/draft.ts';
import { ratioOf } from '../draft/percent.ts';

const within = (text: string, usual: number): number => {
  const percent = Number(text);
  return text.trim() !== '' && percent >= 0 && percent <= 100 ? ratioOf(percent) : usual;
};

/** The thresholds of a form as ratios; the usual ones where what is typed is none. */
export function policyOf({ caution, freeze }: Pick<SloDraft, 'caution' | 'freeze'>): {
  cautionRatio: number;
  freezeRatio: number;
} {
  const cautionRatio = within(caution, 0.2);
  return { cautionRatio, freezeRatio: Math.min(cautionRatio, within(freeze, 0.1)) };
}
