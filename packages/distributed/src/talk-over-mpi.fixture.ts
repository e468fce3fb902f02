// A program that a launcher starts: what it says to the others, written to a folder.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchOf, mpiCommunicator } from './index.ts';
import { coupled, talk } from './talk.fixture.ts';

const launch = launchOf(process.env);
if (launch === undefined) throw new Error('Nobody launched this.');
const communicator = mpiCommunicator(launch, process.env['GANKIT_MPI_LIBRARY']);
const said = { rank: communicator.rank, ...talk(undefined, communicator), ...coupled(undefined, communicator) };
writeFileSync(join(process.argv[2]!, `said-${said.rank}.json`), JSON.stringify(said));
communicator.finish();
