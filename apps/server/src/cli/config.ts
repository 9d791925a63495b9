import { describeFaults, readConfig, variables } from '../config.ts';
import type { CliIo } from './io.ts';

/** The configuration as a Markdown table, as the README has it. */
export function configTable(): string {
  const rows = Object.entries(variables).map(([name, v]) => `| \`${name}\` | ${v.fallback} | ${v.doc} |`);
  return ['| variable | default | what it does |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** The configuration as a file to copy, every variable commented out. */
export function configExample(): string {
  return Object.entries(variables)
    .map(([name, v]) => `# ${v.doc}\n# Default: ${v.fallback}\n#${name}=\n`)
    .join('\n');
}

const usage = 'Usage: qd config check|table|example\n';

/** `qd config check|table|example`; works without opening anything. Gives the exit code. */
export function configCommand(argv: readonly string[], io: CliIo, env: Record<string, string | undefined>): number {
  const json = argv.includes('--json');
  switch (argv[0]) {
    case 'check': {
      const read = readConfig(env);
      const faults = 'faults' in read ? read.faults : [];
      if (json) io.out(`${JSON.stringify({ ok: faults.length === 0, faults }, null, 2)}\n`);
      else io.out(faults.length === 0 ? 'The configuration is sound.\n' : `${describeFaults(faults)}\n`);
      return faults.length === 0 ? 0 : 1;
    }
    case 'table':
      io.out(configTable());
      return 0;
    case 'example':
      io.out(configExample());
      return 0;
    default:
      io.err(usage);
      return argv[0] === '--help' ? 0 : 2;
  }
}
