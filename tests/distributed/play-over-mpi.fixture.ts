// A program that a launcher starts: plays the games of a file, and rank 0 writes what comes out of them beside it.
import { readFileSync, writeFileSync } from 'node:fs';
import { launchOf, mpiCommunicator } from '@gankit/distributed';
import { playAll } from './games.fixture.ts';

const launch = launchOf(process.env);
if (launch === undefined) throw new Error('Nobody launched this.');
const communicator = mpiCommunicator(launch);
const [, , file = ''] = process.argv;
const outcomes = await playAll(JSON.parse(readFileSync(file, 'utf8')), communicator);
writeFileSync(`${file}.${communicator.rank}`, JSON.stringify(outcomes));
communicator.finish();
process.exit(0);
