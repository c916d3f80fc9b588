#!/usr/bin/env node
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { SettingsError } from '../platform/config/load-settings.js';
import { DatabaseUnreachable } from '../platform/database/open-data-source.js';
import { Problem } from '../platform/problems/problem.js';
import { VERSION } from '../version.js';
import { dbCommand } from './db.command.js';
import { envExample } from './env-example.js';

const program = new Command('provost').description('The back office of an AI research or study application.').version(VERSION);
dbCommand(program);
program
  .command('env-example', { hidden: true })
  .description('for developers: print .env.example as the settings class has it')
  .action(() => void process.stdout.write(envExample(readFileSync('src/platform/config/settings.ts', 'utf8'))));

try {
  await program.parseAsync();
} catch (error) {
  const expected = error instanceof SettingsError || error instanceof DatabaseUnreachable || error instanceof Problem;
  process.stderr.write(`provost: ${expected ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
