export { type Launch, launchOf } from './launch.ts';
export { type MpiCommunicator, mpiCommunicator } from './mpi-communicator.ts';
export {
  type SharedMemory,
  type SharedMemoryOptions,
  sharedMemory,
  sharedMemoryCommunicator,
} from './shared-memory.ts';
export { type StartRanksOptions, startRanks } from './start-ranks.ts';
