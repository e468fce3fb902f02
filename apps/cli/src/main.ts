#!/usr/bin/env node
// The `gankit` command.
import { run } from './program.ts';
import { quietPipes } from './quiet-pipes.ts';

quietPipes();
process.exitCode = await run(process.argv.slice(2));
