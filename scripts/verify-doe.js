// Prints how many digits each figure of the reference cases of experiment design is met with: case, figure, digits, floor, goal.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'verify-doe-'));
const file = join(folder, 'scores.jsonl');
const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '-w', '1', 'test/reference'];
const { status, stderr } = spawnSync(process.execPath, jest, { env: { ...process.env, DOE_SCORES: file }, encoding: 'utf8' });
if (status !== 0) process.stderr.write(stderr);

const scores = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : [];
rmSync(folder, { recursive: true });

const rows = [['case', 'figure', 'digits', 'floor', 'goal'], ...scores.sort(byCase).map(cells)];
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
const met = scores.filter(({ digits, goal }) => digits >= goal).length;
console.log(`\n${scores.length} figures, ${scores.filter(({ digits, floor }) => digits < floor).length} below the floor, ${met} at the goal`);
process.exitCode = status ?? 1;

function byCase(a, b) {
  return a.case.localeCompare(b.case);
}

function cells({ case: id, figure, digits, floor, goal }) {
  return [id, figure, digits >= 17 ? 'all' : digits.toFixed(1), String(floor), digits >= goal ? String(goal) : `${goal} (not met)`];
}
