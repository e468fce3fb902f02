/** Runs small ONNX models on tensors in the heap, without copies. Sessions are made once per signature and kept, within a bound. */

import type { Heap } from '../memory/heap.ts';
import { type ElementType, encodeModel, type Model } from '../onnx/model.ts';
import type { OrtApi } from './api.ts';
import { type Arguments, MAXIMUM_OPERANDS } from './arguments.ts';
import type { RuntimeEnvironment } from './environment.ts';

/** Elements in the heap, with the shape under which the model shall see them. */
export interface Operand {
  pointer: number;
  shape: readonly number[];
  type: ElementType;
}

export interface Sessions {
  /** Runs the model called `key`, made by `model` when it is not at hand. Outputs are written where the operands point. */
  run(key: string, model: () => Model, inputs: readonly Operand[], outputs: readonly Operand[]): void;
  /** The native session of the model called `key`. */
  prepare(key: string, model: () => Model): number;
  readonly count: number;
  /** Addresses of tables of the names that all models use. */
  inputNames: number;
  outputNames: number;
  dispose(): void;
}

/** Signatures kept ready; the oldest gives way. */
const MAXIMUM_SESSIONS = 1024;

export function createSessions(
  api: OrtApi,
  args: Arguments,
  heap: Heap,
  base: number,
  environment: RuntimeEnvironment,
): Sessions {
  const sessions = new Map<string, number>();
  const nameTable = (prefix: string): number => {
    const names = Array.from({ length: MAXIMUM_OPERANDS }, (_, index) => args.text(`${prefix}${index}`));
    const pointer = heap.allocate(names.length * 8, 'a table of names');
    const view = new BigUint64Array(heap.buffer, pointer, names.length);
    names.forEach((name, index) => {
      view[index] = BigInt(name);
    });
    return base + pointer;
  };
  const inputNames = nameTable('i');
  const outputNames = nameTable('o');
  const outputSlot = MAXIMUM_OPERANDS;
  const shapeSlot = 2 * MAXIMUM_OPERANDS;

  const createSession = (key: string, model: () => Model): number => {
    const bytes = encodeModel(model());
    const pointer = heap.allocate(bytes.length, `the model ${key}`);
    try {
      new Uint8Array(heap.buffer, pointer, bytes.length).set(bytes);
      return args.handle((out) =>
        api.check(
          api.createSessionFromArray(environment.env, base + pointer, bytes.length, environment.sessionOptions, out),
          `prepare ${key}`,
        ),
      );
    } finally {
      heap.free(pointer, bytes.length);
    }
  };

  const sessionFor = (key: string, model: () => Model): number => {
    const known = sessions.get(key);
    if (known !== undefined) return known;
    const session = createSession(key, model);
    if (sessions.size >= MAXIMUM_SESSIONS) {
      const [oldest, handle] = sessions.entries().next().value as [string, number];
      sessions.delete(oldest);
      api.releaseSession(handle);
    }
    sessions.set(key, session);
    return session;
  };

  const wrap = ({ pointer, shape, type }: Operand): number => {
    const address = args.words(shapeSlot, shape);
    let bytes = bytesPerElement[type];
    for (const length of shape) bytes *= length;
    return args.handle((out) => {
      const status = api.createTensorWithData(
        environment.memoryInfo,
        base + pointer,
        bytes,
        address,
        shape.length,
        type,
        out,
      );
      if (status !== 0) api.check(status, `wrap a tensor of shape [${shape}]`);
    });
  };

  return {
    prepare: sessionFor,
    inputNames,
    outputNames,
    get count() {
      return sessions.size;
    },
    run(key, model, inputs, outputs) {
      const session = sessionFor(key, model);
      const values: number[] = [];
      try {
        for (const operand of inputs) values.push(wrap(operand));
        for (const operand of outputs) values.push(wrap(operand));
        const inputAddress = args.words(0, inputs.length === values.length ? values : values.slice(0, inputs.length));
        const outputAddress = args.words(outputSlot, values.slice(inputs.length));
        const status = api.run(
          session,
          0,
          inputNames,
          inputAddress,
          inputs.length,
          outputNames,
          outputs.length,
          outputAddress,
        );
        if (status !== 0) api.check(status, `run ${key} on ${inputs.map(({ shape }) => `[${shape}]`).join(', ')}`);
      } finally {
        for (const value of values) api.releaseValue(value);
      }
    },
    dispose() {
      for (const session of sessions.values()) api.releaseSession(session);
      sessions.clear();
    },
  };
}

const bytesPerElement: Record<ElementType, number> = { 1: 4, 6: 4, 7: 8, 9: 1 };
