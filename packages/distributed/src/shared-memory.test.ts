import { beforeAll, describe, expect, it } from 'vitest';
import { onRanks } from './ranks.fixture.ts';
import { sharedMemory, sharedMemoryCommunicator } from './shared-memory.ts';
import { coupled, draws, type everything } from './talk.fixture.ts';

const module = new URL('./talk.fixture.ts', import.meta.url);

describe.each([2, 3])('%i threads', (size) => {
  const ranks = Array.from({ length: size }, (_, rank) => rank);
  let all: ReturnType<typeof everything>[] = [];
  beforeAll(async () => {
    all = await onRanks(size, { module, name: 'everything' });
  }, 60_000);

  it('sum, gather, broadcast and agree, also in several parts', () => {
    for (const { said } of all) {
      expect(said.sum).toEqual(
        Array.from({ length: 2500 }, (_, index) => ranks.reduce((sum, rank) => sum + (rank + 1) * 0.5 + index, 0)),
      );
      expect(said.gathered).toEqual(
        ranks.flatMap((rank) => Array.from({ length: 1201 }, (_, index) => 10_000 * rank + index)),
      );
      expect(said.bytes).toEqual(Array.from({ length: 70_001 }, (_, at) => at % 251));
      expect(said.empty).toBe(0);
      expect(said.agreed).toEqual([false, true]);
    }
  });

  it('differentiate what couples the batch as one process does, gradient penalties included', () => {
    const alone = coupled(undefined, undefined);
    for (const { computed: together } of all) {
      expect(together.value[0]).toBeCloseTo(alone.value[0]!, 5);
      together.gradient.forEach((value, index) => {
        expect(value).toBeCloseTo(alone.gradient[index]!, 5);
      });
    }
  });

  it('draw together what one process draws, and stay at one place', () => {
    const alone = draws(undefined, undefined);
    alone.drawn.forEach((values, index) => {
      expect(all.flatMap(({ drew }) => drew.drawn[index]!)).toEqual(values);
    });
    for (const { together, after } of all.map(({ drew }) => drew))
      expect({ together, after }).toEqual({ together: alone.together, after: alone.after });
  });
});

it('a rank that does not exist is refused', () => {
  expect(() => sharedMemoryCommunicator(sharedMemory(2), 2)).toThrow(
    'rank 2 of 2 threads does not exist; count from 0.',
  );
  expect(() => sharedMemory(0)).toThrow('size must be');
});

it('one thread alone talks to itself', () => {
  const alone = sharedMemoryCommunicator(sharedMemory(1, { numbers: 3 }), 0);
  const values = Float32Array.of(1, 2, 3, 4);
  alone.allReduce(values);
  expect([...values]).toEqual([1, 2, 3, 4]);
  expect([...alone.broadcast(Uint8Array.of(7))]).toEqual([7]);
});
