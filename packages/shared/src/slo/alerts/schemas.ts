import { z } from 'zod';
import { pageInput } from '../../paging/index.ts';
import { platformId } from '../../platforms/index.ts';
import { sloId } from '../push.ts';

/** Which alerts to show: of one platform, of one objective, or all the caller may see. */
export const alertListInput = z.strictObject({ platform: platformId.optional(), slo: sloId.optional() });
export type AlertListInput = z.output<typeof alertListInput>;

/** The same, in pages. */
export const alertEventsInput = pageInput.extend(alertListInput.shape);
export type AlertEventsInput = z.output<typeof alertEventsInput>;

/** One of the channels notifications go out on, by its name. */
export const channelInput = z.strictObject({ channel: z.string().trim().min(1, 'name a channel').max(320) });
export type ChannelInput = z.output<typeof channelInput>;
