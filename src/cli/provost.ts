#!/usr/bin/env node
import 'reflect-metadata';
import { run } from './program.js';

process.umask(0o077);
// Whoever reads the output may have had enough of it, as `head` has: an end without a word, with the code of who ends by SIGPIPE.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 141 : 1));
// A command may have set its own already.
process.exitCode = (await run(process.argv.slice(2))) || process.exitCode;
