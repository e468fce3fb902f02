// Kernels: how similar two rows are, from their inner products.
import { checkInteger, checkNumber, checkOptions } from '@gankit/core';

/** A kernel of two rows x and y. */
export interface Kernel {
  readonly name: string;
  /** @param product x.y @param squareOfX x.x @param squareOfY y.y */
  similarity(product: number, squareOfX: number, squareOfY: number): number;
}

export interface PolynomialKernelOptions {
  readonly degree?: number | undefined;
  /** What the inner product is multiplied by. */
  readonly scale: number;
  /** What is added to it; 1 when absent. */
  readonly offset?: number | undefined;
}

/** (scale x.y + offset)^degree. KID's has degree 3, scale 1/dimensions and offset 1. */
export function polynomialKernel(options: PolynomialKernelOptions): Kernel {
  checkOptions('polynomialKernel', options, { degree: 'optional', scale: 'required', offset: 'optional' });
  const { degree = 3, scale, offset = 1 } = options;
  checkInteger('degree', degree);
  checkNumber('scale', scale);
  checkNumber('offset', offset);
  const power = (base: number) => {
    let result = base;
    for (let k = 1; k < degree; k++) result *= base;
    return result;
  };
  return { name: 'polynomial', similarity: (product) => power(scale * product + offset) };
}

/** exp(-|x - y|^2 / (2 bandwidth^2)) */
export function gaussianKernel({ bandwidth }: { readonly bandwidth: number }): Kernel {
  checkNumber('bandwidth', bandwidth, Number.MIN_VALUE);
  const factor = -1 / (2 * bandwidth * bandwidth);
  return {
    name: 'gaussian',
    similarity: (product, squareOfX, squareOfY) => Math.exp(factor * Math.max(squareOfX + squareOfY - 2 * product, 0)),
  };
}
