import { burnWindows } from '../data/recorded.ts';

/** How SLO pages ask Prometheus: on counters alone, as Pyrra does with its rules, or with every graph recorded. */
export type PromShape = 'prom_raw' | 'prom_rules' | 'prom_all_rules';

export const promShapes: readonly PromShape[] = ['prom_raw', 'prom_rules', 'prom_all_rules'];

/** The paths one view of each page asks for, all at once. */
export interface PromPages {
  /** Totals and errors of 30 days, and six burn rates. */
  status: string[];
  /** Budget left through 30 days. */
  budget: string[];
  /** Requests, errors and latency graphs. */
  graphs: string[];
  /** Status and two burn rates of every service. */
  list: string[];
}

/** How many points Pyrra and Grafana ask of a graph. */
const GRAPH_POINTS = 1_000;
/** Points where every graph is recorded: one an hour. */
const RECORDED_POINTS = 720;
const RANGE_SECONDS = 30 * 86_400;
const ALLOWED = 0.001;

/** Queries about `service` (and, for the list, about all `services`) at an instant in epoch seconds. */
export function promPages(shape: PromShape, service: string, services: readonly string[], atS: number): PromPages {
  const questions = { prom_raw: raw, prom_rules: rules, prom_all_rules: allRules }[shape];
  const now = (query: string): string => `/api/v1/query?query=${encodeURIComponent(query)}&time=${atS}`;
  const points = shape === 'prom_all_rules' ? RECORDED_POINTS : GRAPH_POINTS;
  const range = (query: string, count = points): string =>
    `/api/v1/query_range?query=${encodeURIComponent(query)}&start=${atS - RANGE_SECONDS}&end=${atS}&step=${RANGE_SECONDS / count}`;
  const own = questions(service);
  return {
    status: [...own.totals, ...own.burns].map(now),
    budget: [range(own.budget)],
    graphs: own.graphs.map((query) => range(query)),
    list: services.flatMap((name) => {
      const { totals, burns } = questions(name);
      return [...totals, ...burns.slice(0, 2)].map(now);
    }),
  };
}

/** The list asked as one grouped query on recorded series, which nobody's screens do but anybody could. */
export function groupedList(atS: number): string {
  const query = 'sum by (slo) (slo:errors:increase30d) / sum by (slo) (slo:requests:increase30d)';
  return `/api/v1/query?query=${encodeURIComponent(query)}&time=${atS}`;
}

interface Questions {
  totals: string[];
  burns: string[];
  budget: string;
  graphs: string[];
}

const graphsOf = (service: string): string[] => [
  `sum by (status) (rate(hashinsight_requests_total{service="${service}"}[3h]))`,
  `sum(rate(hashinsight_requests_total{service="${service}",status=~"5.."}[3h])) / sum(rate(hashinsight_requests_total{service="${service}"}[3h]))`,
  `histogram_quantile(0.95, sum by (le) (rate(hashinsight_request_latency_seconds_bucket{service="${service}"}[3h])))`,
];

function raw(service: string): Questions {
  const total = (window: string): string =>
    `sum(increase(hashinsight_requests_total{service="${service}"}[${window}]))`;
  const bad = (window: string): string =>
    `sum(increase(hashinsight_requests_total{service="${service}",status=~"5.."}[${window}]))`;
  return {
    totals: [total('30d'), bad('30d')],
    burns: burnWindows.map(([window]) => `${bad(window)} / ${total(window)}`),
    budget: `(${ALLOWED} - (${bad('30d')} / ${total('30d')})) / ${ALLOWED}`,
    graphs: graphsOf(service),
  };
}

function rules(service: string): Questions {
  const slo = `{slo="${service}"}`;
  return {
    totals: [`slo:requests:increase30d${slo}`, `slo:errors:increase30d${slo}`],
    burns: burnWindows.map(([window]) => `slo:burnrate${window}${slo}`),
    budget: `(${ALLOWED} - (sum(slo:errors:increase30d${slo}) / sum(slo:requests:increase30d${slo}))) / ${ALLOWED}`,
    graphs: graphsOf(service),
  };
}

function allRules(service: string): Questions {
  const slo = `{slo="${service}"}`;
  const own = rules(service);
  return {
    ...own,
    budget: `slo:graph_budget${slo}`,
    graphs: [`slo:graph_requests${slo}`, `slo:graph_errors${slo}`, `slo:graph_latency${slo}`],
  };
}
