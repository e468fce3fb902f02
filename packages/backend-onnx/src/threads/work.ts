/** Work in parts that threads may do in any order: kernels and models over parts of tensors, written down for the interpreter. */

import { FLOAT, MICROSOFT, type Model } from '../onnx/model.ts';
import type { Operand } from '../runtime/sessions.ts';

/** An offset in the memory, or one that counts from the thread's scratch memory or from the integers of the work. */
export type Pointer = number | { from: 'scratch' | 'integers'; offset: number };

/** In the scratch memory of whichever thread does the part. */
export function inScratch(elements: number): Pointer {
  return { from: 'scratch', offset: 4 * elements };
}

export function offsetBy(pointer: Pointer, bytes: number): Pointer {
  return typeof pointer === 'number' ? pointer + bytes : { ...pointer, offset: pointer.offset + bytes };
}

export type PartOperand = Omit<Operand, 'pointer'> & { pointer: Pointer };

export interface Part {
  kernel(name: string, ...values: Pointer[]): void;
  /** Runs a model on this thread alone. */
  run(key: string, model: () => Model, inputs: readonly PartOperand[], outputs: readonly PartOperand[]): void;
  /** out = a x b. */
  multiply(a: Matrix, b: Matrix, out: Matrix): void;
  /** out = transposed a x b, on top of what is there if `accumulate`. */
  addTransposedProduct(a: Matrix, b: Matrix, out: Matrix, accumulate: boolean): void;
}

/** A matrix, or as many as its leading axes say. */
export interface Matrix {
  pointer: Pointer;
  shape: readonly number[];
  /** Lies with its last two axes swapped. */
  transposed?: boolean;
}

/** What the work is written with. */
export interface Writer {
  kernelNumber(name: string): number;
  sessionFor(key: string, model: () => Model): number;
}

const PLAIN = 0;
const basis = { scratch: 1, integers: 2 };
const HIGH = 2 ** 32;

export class Work {
  readonly integers: number[] = [];
  readonly starts: number[] = [];
  readonly instructions: number[] = [];
  private readonly writer: Writer;

  constructor(writer: Writer) {
    this.writer = writer;
  }

  /** 32-bit integers for kernels. */
  integersFor(values: readonly number[]): Pointer {
    const offset = 4 * this.integers.length;
    this.integers.push(...values);
    return { from: 'integers', offset };
  }

  /** Adds a part; parts must not depend on each other. */
  part(write: (part: Part) => void): void {
    this.starts.push(this.instructions.length);
    const run: Part['run'] = (key, model, inputs, outputs) => {
      this.instructions.push(2, this.writer.sessionFor(key, model), inputs.length, outputs.length);
      for (const operand of inputs) this.operand(operand);
      for (const operand of outputs) this.operand(operand);
    };
    write({
      kernel: (name, ...values) => {
        this.instructions.push(1, this.writer.kernelNumber(name), values.length);
        for (const value of values) this.point(value);
      },
      run,
      multiply: (a, b, out) => {
        const [transA, transB] = [Number(a.transposed ?? false), Number(b.transposed ?? false)];
        run(`product ${transA} ${transB}`, () => product(transA, transB, false), [float(a), float(b)], [float(out)]);
      },
      addTransposedProduct: (a, b, out, accumulate) => {
        const inputs = [float(a), float(b), ...(accumulate ? [float(out)] : [])];
        run(`product 1 0 ${accumulate}`, () => product(1, 0, accumulate), inputs, [float(out)]);
      },
    });
    this.instructions.push(0);
  }

  private point(value: Pointer): void {
    if (typeof value === 'number') this.instructions.push(value, PLAIN);
    else this.instructions.push(value.offset, basis[value.from]);
  }

  private operand({ pointer, shape, type }: PartOperand): void {
    this.point(pointer);
    let bytes = bytesPerElement[type];
    for (const length of shape) bytes *= length;
    // 64-bit words must lie at multiples of 8.
    if (this.integers.length % 2 === 1) this.integers.push(0);
    const offset = 4 * this.integers.length;
    for (const length of shape) this.integers.push(length, Math.floor(length / HIGH));
    this.instructions.push(bytes, type, shape.length, offset);
  }
}

function float({ pointer, shape }: Matrix): PartOperand {
  return { pointer, shape, type: FLOAT };
}

/** Matrix products over any leading axes, on top of the third input if `accumulate`. */
function product(transA: number, transB: number, accumulate: boolean): Model {
  const node = {
    operator: 'FusedMatMul',
    domain: MICROSOFT,
    inputs: ['i0', 'i1'],
    outputs: [accumulate ? 'product' : 'o0'],
    attributes: { transA, transB },
  };
  const sum = { operator: 'Add', inputs: ['i2', 'product'], outputs: ['o0'] };
  return {
    inputs: accumulate ? [FLOAT, FLOAT, FLOAT] : [FLOAT, FLOAT],
    outputs: [FLOAT],
    nodes: accumulate ? [node, sum] : [node],
  };
}

const bytesPerElement: Record<Operand['type'], number> = { 1: 4, 6: 4, 7: 8, 9: 1 };
