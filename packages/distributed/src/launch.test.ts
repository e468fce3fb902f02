import { expect, it } from 'vitest';
import { launchOf } from './launch.ts';

it('knows the launchers of both families by what they put into the environment', () => {
  const openMpi = { OMPI_COMM_WORLD_SIZE: '8', OMPI_COMM_WORLD_RANK: '5', OMPI_COMM_WORLD_LOCAL_SIZE: '4' };
  expect(launchOf(openMpi)).toEqual({ family: 'Open MPI', rank: 5, size: 8, here: 4 });
  const mpich = { PMI_SIZE: '2', PMI_RANK: '1', MPI_LOCALNRANKS: '1' };
  expect(launchOf(mpich)).toEqual({ family: 'MPICH', rank: 1, size: 2, here: 1 });
  expect(launchOf({ PMI_SIZE: '3' })).toEqual({ family: 'MPICH', rank: 0, size: 3, here: 3 });
});

it('a process that was started alone, or with something else under such a name, is alone', () => {
  for (const environment of [{}, { PMI_SIZE: '' }, { OMPI_COMM_WORLD_SIZE: 'many' }, { PMI_RANK: '1' }]) {
    expect(launchOf(environment)).toBeUndefined();
  }
});
