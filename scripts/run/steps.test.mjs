/** A stage that proved nothing must not count as a good one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { newTally, testStage, words } from './steps.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'qd-steps-'));
const report = path.join(folder, 'report.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => void vi.spyOn(process.stdout, 'write').mockReturnValue(true));

/** Runs one stage whose tool leaves this report (none when null) and ends with this code. */
async function stageOf(content, code = 0) {
  const tally = newTally();
  const leave = content
    ? `require('fs').writeFileSync(${JSON.stringify(report)}, ${JSON.stringify(JSON.stringify(content))});`
    : '';
  const args = ['-e', `${leave} process.exit(${code})`];
  await testStage({ tally, env: process.env }, { name: 'stage', report, command: process.execPath, args });
  return words(tally.total);
}

const vitest = (numbers) => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...numbers,
});
const playwright = (stats, errors = []) => ({
  stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats },
  errors,
});

it.each([
  ['all passed', vitest({ numPassedTests: 3 }), 0, '3 passed, 0 failed, 0 skipped'],
  ['one failed', vitest({ numPassedTests: 2, numFailedTests: 1 }), 1, '2 passed, 1 failed, 0 skipped'],
  ['one left out', vitest({ numPassedTests: 2, numPendingTests: 1 }), 0, '2 passed, 0 failed, 1 skipped'],
  ['no test at all', vitest({}), 0, '0 passed, 1 failed, 0 skipped'],
  ['only tests left out', vitest({ numPendingTests: 4 }), 0, '0 passed, 1 failed, 4 skipped'],
  [
    'a file that does not load',
    vitest({ numPassedTests: 2, testResults: [{ status: 'failed', assertionResults: [] }] }),
    1,
    '2 passed, 1 failed, 0 skipped',
  ],
  ['an error outside any test', vitest({ numPassedTests: 2 }), 1, '2 passed, 1 failed, 0 skipped'],
  ['no report', null, 0, '0 passed, 1 failed, 0 skipped'],
  ['journeys', playwright({ expected: 5, unexpected: 1 }), 1, '5 passed, 1 failed, 0 skipped'],
  ['a journey that needed a second try', playwright({ expected: 5, flaky: 1 }), 0, '5 passed, 1 failed, 0 skipped'],
  ['journeys that could not start', playwright({}, [{ message: 'no server' }]), 1, '0 passed, 1 failed, 0 skipped'],
])('%s', async (_name, content, code, expected) => {
  expect(await stageOf(content, code)).toBe(expected);
});

it('leaves no report of an earlier run to be counted', async () => {
  await stageOf(vitest({ numPassedTests: 3 }));
  expect(await stageOf(null)).toBe('0 passed, 1 failed, 0 skipped');
});
