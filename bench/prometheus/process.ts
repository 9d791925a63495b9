import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clockOf, type CpuClock } from '../measure/cpu.ts';
import { startChild } from '../process/children.ts';
import { freePort, untilAnswers } from '../process/ports.ts';

/** A Prometheus of our own. */
export interface Prometheus {
  url: string;
  pid: number;
  version: string;
  cpu: CpuClock;
  /** Replaces its recording rules; an empty text removes them. */
  setRules(yaml: string): Promise<void>;
  /** Queries it has answered so far, by its own count, whoever asked. */
  queriesAnswered(): Promise<number>;
  stop(): Promise<void>;
}

const config = `global: { scrape_interval: 1m, evaluation_interval: 1m }
rule_files: [rules.yml]
scrape_configs: []
`;

/** Starts Prometheus over a folder with blocks, on loopback and without anything to scrape. */
export async function startPrometheus(folder: string): Promise<Prometheus> {
  mkdirSync(folder, { recursive: true });
  const rules = join(folder, '..', 'rules.yml');
  const configFile = join(folder, '..', 'prometheus.yml');
  writeFileSync(configFile, config);
  writeFileSync(rules, 'groups: []\n');
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = startChild('prometheus', [
    `--config.file=${configFile}`,
    `--storage.tsdb.path=${folder}`,
    '--storage.tsdb.retention.time=400d',
    `--web.listen-address=${new URL(url).host}`,
    '--web.enable-lifecycle',
    // More than its default of 512, so that a crowd is not kept waiting at the door.
    '--web.max-connections=4096',
    // A storm on a loaded machine takes longer than its default of two minutes; it must not escape by giving up.
    '--query.timeout=15m',
    '--log.level=error',
  ]);
  let ended: string | null = null;
  child.ended.then(
    () => (ended = child.output()),
    (error: unknown) => (ended = String(error)),
  );
  await untilAnswers(`${url}/-/ready`, 120_000, () => ended);
  return {
    url,
    pid: child.pid,
    version: await versionOf(url),
    cpu: clockOf(child.pid),
    stop: child.stop,
    async setRules(yaml) {
      writeFileSync(rules, yaml === '' ? 'groups: []\n' : yaml);
      const answer = await fetch(`${url}/-/reload`, { method: 'POST' });
      if (!answer.ok) throw new Error(`Prometheus refused the rules: ${await answer.text()}`);
    },
    async queriesAnswered() {
      const text = await (await fetch(`${url}/metrics`)).text();
      const counts = text.matchAll(/^prometheus_http_requests_total\{[^}]*handler="\/api\/v1\/[^}]*\} (\S+)$/gm);
      return [...counts].reduce((sum, [, value]) => sum + Number(value), 0);
    },
  };
}

async function versionOf(url: string): Promise<string> {
  const answer = (await (await fetch(`${url}/api/v1/status/buildinfo`)).json()) as { data: { version: string } };
  return answer.data.version;
}
