import { createCounters, type ServiceCounters } from './counters.ts';
import type { Extent, Span } from './span.ts';
import { trafficOf, type MinuteTraffic } from './traffic.ts';

/** What an objective of a service counts, cumulative by minute since the first. */
export interface ServiceCounts {
  name: string;
  total: Float64Array;
  bad: Float64Array;
}

/** A service while its history is being told. */
export interface Service {
  counters: ServiceCounters;
  counts: ServiceCounts;
  withLatency: boolean;
  traffic(minute: number): MinuteTraffic;
}

/** All services before their first minute. */
export function createServices(extent: Extent, span: Span): Service[] {
  const minutes = span.lastM - span.firstM + 1;
  return Array.from({ length: extent.services }, (_, service) => {
    const withLatency = service < extent.withLatency;
    const counters = createCounters(service, withLatency);
    const counts = { name: counters.name, total: new Float64Array(minutes), bad: new Float64Array(minutes) };
    return { counters, counts, withLatency, traffic: trafficOf(service, minutes) };
  });
}

/** Lets one minute happen: counters rise, and what objectives count is noted. */
export function tell({ counters, counts, traffic }: Service, minute: number): void {
  counters.count(traffic(minute));
  counts.total[minute] = counters.total();
  counts.bad[minute] = counters.bad();
}
