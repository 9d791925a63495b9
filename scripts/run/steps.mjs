/** Steps of a check, each one line with its seconds, and the count of what passed and failed. */
import { mkdirSync, rmSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { Refusal, elapsed, say, step } from './console.mjs';
import { at, readJson, root } from './places.mjs';
import { run, stopping } from './processes.mjs';

/** Where the machine-readable results of a run lie. */
export const resultsFolder = at('test-results');

/**
 * What passed, failed and was left out over a whole run, by stage. `add(name, { passed, failed, skipped })` takes one
 * stage's numbers; a stage in which nothing passed and nothing failed counts as one failure: it proved nothing.
 * `leaveOut(name, count)` is for a stage that could not be tried here.
 */
export function newTally() {
  const total = { passed: 0, failed: 0, skipped: 0 };
  const stages = {};
  const add = (name, { passed, failed, skipped = 0 }) => {
    const proved = passed + failed > 0;
    stages[name] = { passed, failed: proved ? failed : 1, skipped };
    for (const key of Object.keys(total)) total[key] += stages[name][key];
    if (!proved) say(`        ${name}: no test ran`);
  };
  const leaveOut = (name, skipped) => {
    stages[name] = { passed: 0, failed: 0, skipped };
    total.skipped += skipped;
  };
  const failures = () => Object.keys(stages).filter((name) => stages[name].failed > 0);
  return { total, stages, add, leaveOut, failures };
}

/** `N passed, N failed, N skipped`. */
export function words({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** Runs `{ name, command, args }` as one quiet step and counts one; its output is printed only when it fails. */
export async function quietStep({ tally, env }, { name, command, args }) {
  await countedStep({ tally }, name, async () => {
    const { code, output } = await run(command, args, { cwd: root, env: { ...env, NO_COLOR: '1' }, quiet: true });
    if (code !== 0)
      throw new Refusal(stripVTControlCharacters(output).trim() || `${name} ended with code ${code} and said nothing.`);
    return lastShortLine(output);
  });
}

/**
 * Runs `work` as a step that counts one. A text it resolves to is printed below the step; so is the message of a
 * Refusal, and the run goes on. Resolves to whether it passed.
 */
export async function countedStep({ tally }, name, work) {
  if (stopping()) return false;
  try {
    const remark = await step(name, work);
    if (remark) say(`        ${remark}`);
    tally.add(name, { passed: 1, failed: 0 });
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message.replaceAll(/^/gm, '    '));
    tally.add(name, { passed: 0, failed: 1 });
    return false;
  }
}

function lastShortLine(output) {
  const line = output.trim().split('\n').at(-1).trim();
  return line.length < 100 ? line : '';
}

/** Runs Vitest projects with their progress on the screen, and counts their tests from the JSON report. */
export async function vitestStage(ctx, name, projects) {
  const report = `${resultsFolder}/${name}.json`;
  const chosen = projects.flatMap((project) => ['--project', project]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  await testStage(ctx, {
    name,
    report,
    command: at('node_modules/.bin/vitest'),
    args: ['run', ...chosen, ...reporters],
  });
}

/** Runs `{ name, report, command, args }` and counts from the JSON report it leaves; none left is a failure. */
export async function testStage({ tally, env }, { name, report, command, args }) {
  if (stopping()) return;
  const startMs = Date.now();
  say(`  ----  ${name}`);
  mkdirSync(resultsFolder, { recursive: true });
  rmSync(report, { force: true });
  const { code } = await run(command, args, { cwd: root, env });
  const content = readJson(report);
  if (content === null) say(`        ${command} ended with code ${code} and left no report`);
  const numbers = countReport(content ?? {});
  // A run that ended badly although each test passed (an error outside any test, a crash) is one more failure.
  if (code !== 0 && numbers.failed === 0) numbers.failed = 1;
  tally.add(name, numbers);
  const good = numbers.failed === 0 && numbers.passed > 0;
  say(`  ${good ? 'ok  ' : 'FAIL'}  ${name}: ${words(numbers)} (${elapsed(startMs)})`);
}

/** Numbers of a Playwright or a Vitest JSON report; a test that passed only on a second try counts as failed. */
function countReport(report) {
  if (report.stats) {
    const { expected, unexpected, flaky, skipped } = report.stats;
    return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
  }
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0, testResults = [] } = report;
  const broken = testResults.filter(brokeBeforeItsTests).length;
  return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests + numTodoTests };
}

function brokeBeforeItsTests({ status, assertionResults }) {
  return status === 'failed' && assertionResults.every((result) => result.status !== 'failed');
}
