import { setTimeout as delay } from 'node:timers/promises';
import { burnWindows } from '../data/recorded.ts';
import type { Prometheus } from '../prometheus/process.ts';

/** CPU (ms) of evaluating the recording rules of one objective once. */
export interface RuleCost {
  increaseMs: number;
  burnRatesMs: number;
}

/** How often Pyrra has its rules evaluated, in seconds. */
const INCREASE_EVERY_S = 150;
const BURN_EVERY_S = 30;

/** CPU a second of `objectives` in Pyrra's rhythm, as a share of one core. */
export function coreShareOf(cost: RuleCost, objectives: number): number {
  return (objectives * (cost.increaseMs / INCREASE_EVERY_S + cost.burnRatesMs / BURN_EVERY_S)) / 1_000;
}

/** Lets Prometheus evaluate the rules of all services for a while, more often than Pyrra would, and divides. */
export async function measureRules(prometheus: Prometheus, services: readonly string[]): Promise<RuleCost> {
  const burnRatesMs = await costOf(prometheus, services.map(burnGroup), { everyS: 2, rounds: 4 });
  const increaseMs = await costOf(prometheus, services.map(increaseGroup), { everyS: 4, rounds: 3 });
  await prometheus.setRules('');
  return { burnRatesMs, increaseMs };
}

async function costOf(
  prometheus: Prometheus,
  groups: readonly string[],
  pace: { everyS: number; rounds: number },
): Promise<number> {
  const intervals = groups.map((group) => group.replace('$EVERY', `${pace.everyS}s`));
  await prometheus.setRules(`groups:\n${intervals.join('')}`);
  // Groups begin spread over their first interval.
  await delay(pace.everyS * 1_000);
  const before = { cpuMs: await prometheus.cpu(), rounds: await iterations(prometheus.url) };
  await delay(pace.everyS * pace.rounds * 1_000);
  const after = { cpuMs: await prometheus.cpu(), rounds: await iterations(prometheus.url) };
  return (after.cpuMs - before.cpuMs) / (after.rounds - before.rounds);
}

/** Group evaluations so far, over all groups there are. */
async function iterations(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts = text.matchAll(/^prometheus_rule_group_iterations_total\{[^}]*\} (\S+)$/gm);
  return [...counts].reduce((sum, [, value]) => sum + Number(value), 0);
}

function burnGroup(service: string): string {
  const rules = burnWindows.map(([window]) => {
    const rate = (selector: string): string => `sum(rate(hashinsight_requests_total{${selector}}[${window}]))`;
    return rule(`slo:burnrate${window}`, service, `${rate(failed(service))} / ${rate(all(service))}`);
  });
  return `- name: burn-${service}\n  interval: $EVERY\n  rules:\n${rules.join('')}`;
}

function increaseGroup(service: string): string {
  const expr = `sum by (status) (increase(hashinsight_requests_total{${all(service)}}[30d]))`;
  return `- name: increase-${service}\n  interval: $EVERY\n  rules:\n${rule('slo:increase30d', service, expr)}`;
}

function rule(record: string, service: string, expr: string): string {
  return `  - record: ${record}\n    expr: '${expr}'\n    labels: { slo: ${service} }\n`;
}

const all = (service: string): string => `service="${service}"`;
const failed = (service: string): string => `service="${service}",status=~"5.."`;
