#!/usr/bin/env node
import 'reflect-metadata';
import { run } from './program.js';

process.umask(0o077);
// A command may have set its own already.
process.exitCode = (await run(process.argv.slice(2))) || process.exitCode;
