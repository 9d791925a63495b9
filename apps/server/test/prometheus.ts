import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { vi } from 'vitest';

const run = promisify(execFile);

/** One series to be loaded: epoch seconds and values, ascending. Null is a moment without a sample. */
export interface LoadedSeries {
  name: string;
  labels: Readonly<Record<string, string>>;
  samples: readonly (readonly [seconds: number, value: number | null])[];
}

/** A Prometheus of one test, on loopback, with the data it was given and nothing else. */
export interface TestPrometheus {
  url: string;
  /** Value of an instant query that gives one sample; null when it gives none. */
  ask(query: string, seconds: number): Promise<number | null>;
  stop(): Promise<void>;
}

function onPath(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where `prometheus` and `promtool` are (`$PROMETHEUS_BIN`, else the path), or null when this machine has none. */
export function prometheusBinaries(): { prometheus: string; promtool: string } | null {
  const prometheus = process.env['PROMETHEUS_BIN'] ?? onPath('prometheus');
  if (prometheus === null || !isExecutable(prometheus)) return null;
  const beside = join(prometheus, '..', 'promtool');
  const promtool = isExecutable(beside) ? beside : onPath('promtool');
  return promtool === null ? null : { prometheus, promtool };
}

/** Starts a Prometheus that holds exactly these series. They must lie within the last two weeks. */
export async function startPrometheus(series: readonly LoadedSeries[]): Promise<TestPrometheus> {
  const binaries = prometheusBinaries();
  if (binaries === null) throw new Error('this machine has no prometheus and promtool; install the package prometheus');
  const folder = await mkdtemp(join(tmpdir(), 'qd-prometheus-'));
  const data = join(folder, 'data');
  await writeFile(join(folder, 'metrics'), openMetrics(series));
  await writeFile(join(folder, 'prometheus.yml'), 'scrape_configs: []\n');
  if (series.length > 0)
    await run(binaries.promtool, ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'metrics'), data]);
  const port = await freePort();
  const child = spawn(
    binaries.prometheus,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(url, child);
  } catch (error) {
    await stop(child, folder);
    throw error;
  }
  return { url, ask: (query, seconds) => ask(url, query, seconds), stop: () => stop(child, folder) };
}

function openMetrics(series: readonly LoadedSeries[]): string {
  const lines: string[] = [];
  for (const name of new Set(series.map((one) => one.name))) {
    lines.push(`# TYPE ${name.replace(/_total$/, '')} counter`);
    for (const one of series.filter((other) => other.name === name)) {
      const labels = Object.entries(one.labels).map(([key, value]) => `${key}="${value}"`);
      for (const [seconds, value] of one.samples)
        if (value !== null) lines.push(`${name}{${labels.join(',')}} ${value} ${seconds}`);
    }
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`prometheus ended with code ${child.exitCode}`);
      const response = await fetch(`${url}/-/ready`);
      if (!response.ok) throw new Error(`prometheus is not ready: ${response.status}`);
    },
    { timeout: 20_000, interval: 50 },
  );
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
}

async function ask(url: string, query: string, seconds: number): Promise<number | null> {
  const response = await fetch(
    `${url}/api/v1/query?${new URLSearchParams({ query, time: String(seconds) }).toString()}`,
  );
  const body = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  const [first] = body.data.result;
  return first === undefined ? null : Number(first.value[1]);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
