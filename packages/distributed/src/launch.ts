// How this process was started: alone, or as one of several by a launcher such as mpirun, which says so in the environment.

/** One of several processes that a launcher started. */
export interface Launch {
  /** What the launcher belongs to; it must be the family of the library. */
  readonly family: 'Open MPI' | 'MPICH';
  /** The number of this process, from 0. */
  readonly rank: number;
  /** How many were started, over all machines. */
  readonly size: number;
  /** How many of them are on this machine. */
  readonly here: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What each family's launcher calls it. */
const variables = [
  {
    family: 'Open MPI',
    size: 'OMPI_COMM_WORLD_SIZE',
    rank: 'OMPI_COMM_WORLD_RANK',
    here: 'OMPI_COMM_WORLD_LOCAL_SIZE',
  },
  { family: 'MPICH', size: 'PMI_SIZE', rank: 'PMI_RANK', here: 'MPI_LOCALNRANKS' },
] as const;

/** What the environment says of a launcher; `undefined` for a process that was started alone. */
export function launchOf(environment: Environment): Launch | undefined {
  for (const { family, size, rank, here } of variables) {
    const number = (name: string) => {
      const text = environment[name];
      return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
    };
    const count = number(size);
    if (count === undefined || count < 1) continue;
    return { family, rank: number(rank) ?? 0, size: count, here: number(here) ?? count };
  }
  return undefined;
}
