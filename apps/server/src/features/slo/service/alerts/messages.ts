import type { AlertDetails, AlertEvent, AlertKind, AlertTransition } from '@qd/shared/slo';
import type { Notification, NotificationBody } from '../../../../platform/outbox.ts';

/** An event with what a message about it needs. */
export interface ToldEvent {
  event: AlertEvent;
  details: AlertDetails;
  platformName: string;
}

/** So many alerts of one platform that changed alike at once are told together: one dead source is one piece of news. */
const TOLD_ALONE = 3;
const NAMED = 10;

const titles: Record<AlertKind, Record<AlertTransition, string>> = {
  burn: {
    fired: 'burns its budget',
    escalated: 'burns its budget faster',
    eased: 'burns its budget more slowly',
    frozen: 'has no fresh data; its burn alert is held',
    thawed: 'is measured again and still burns its budget',
    resolved: 'no longer burns its budget',
  },
  exhaustion: {
    fired: 'runs out of budget',
    escalated: 'runs out of budget sooner',
    eased: 'runs out of budget later',
    frozen: 'has no fresh data; its alert on hours left is held',
    thawed: 'is measured again and still runs out of budget',
    resolved: 'no longer runs out of budget',
  },
  absent: {
    fired: 'is not measured',
    escalated: 'is not measured',
    eased: 'is not measured',
    frozen: 'is not measured',
    thawed: 'is not measured',
    resolved: 'is measured again',
  },
};

/** What goes out about events of one evaluation: one message each, or one for many alike. `publicUrl` has no slash at its end. */
export function messagesOf(
  told: readonly ToldEvent[],
  to: { channels: readonly string[]; publicUrl: string | null },
): Notification[] {
  const alike = Map.groupBy(told, ({ event }) => `${event.platformId}.${event.kind}.${event.transition}.${event.at}`);
  return [...alike].flatMap(([key, group]) =>
    group.length > TOLD_ALONE
      ? [{ channels: to.channels, body: bodyOfMany(group, to.publicUrl), dedupKey: key }]
      : group.map((one) => ({ channels: to.channels, body: bodyOf(one, to.publicUrl), dedupKey: one.event.id })),
  );
}

function bodyOf({ event, details, platformName }: ToldEvent, publicUrl: string | null): NotificationBody {
  const { sloId, sloName, kind, transition, tier, severity, firedAt } = event;
  return {
    topic: `slo.alert_${transition}`,
    severity: urgencyOf(event),
    title: `${sloName} ${titles[kind][transition]} (${platformName})`,
    text: event.summary,
    url: publicUrl === null ? null : `${publicUrl}/slos/${sloId}`,
    platform: event.platformId,
    details: { event: event.id, sloId, sloName, kind, transition, tier, severity, firedAt, ...details },
    at: new Date(event.at).toISOString(),
  };
}

function bodyOfMany(group: readonly ToldEvent[], publicUrl: string | null): NotificationBody {
  const [first] = group;
  if (first === undefined) throw new RangeError('a message is about at least one event');
  const { event, platformName } = first;
  const lines = group.slice(0, NAMED).map((one) => `• ${one.event.sloName}: ${one.event.summary}`);
  const more = group.length > NAMED ? [`… and ${group.length - NAMED} more`] : [];
  const isPage = group.some((one) => urgencyOf(one.event) === 'page');
  return {
    topic: `slo.alert_${event.transition}`,
    severity: isPage ? 'page' : urgencyOf(event),
    title: `${group.length} objectives of ${platformName}: each ${titles[event.kind][event.transition]}`,
    text: [...lines, ...more].join('\n'),
    url: publicUrl === null ? null : `${publicUrl}/slos`,
    platform: event.platformId,
    details: {
      kind: event.kind,
      transition: event.transition,
      events: group.map((one) => one.event.id),
      sloIds: group.map((one) => one.event.sloId),
    },
    at: new Date(event.at).toISOString(),
  };
}

/** Good and quiet news wake nobody. */
function urgencyOf({ transition, severity }: AlertEvent): NotificationBody['severity'] {
  return transition === 'fired' || transition === 'escalated' ? severity : 'info';
}
