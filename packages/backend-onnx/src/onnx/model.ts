/** ONNX models as bytes: a list of nodes with named values (onnx/onnx.proto3). Shapes are left open, so one model serves every shape. */

import { bytes, float, integer, message, submessage, text } from './protobuf.ts';

/** Element types by their numbers in `TensorProto.DataType`. */
export const FLOAT = 1;
export const INT32 = 6;
export const INT64 = 7;
export const BOOL = 9;
export type ElementType = typeof FLOAT | typeof INT32 | typeof INT64 | typeof BOOL;

/** A number written as `{ float }` is a float attribute; a plain number is an integer. */
export type AttributeValue = number | { float: number } | string | readonly number[];

export interface Node {
  operator: string;
  /** Default: the standard ONNX operators. */
  domain?: string;
  inputs: string[];
  outputs: string[];
  attributes?: Record<string, AttributeValue>;
}

export interface Model {
  /** Types of the inputs, which the nodes call `i0`, `i1`, ... */
  inputs: ElementType[];
  /** Types of the outputs, which the nodes call `o0`, `o1`, ... */
  outputs: ElementType[];
  nodes: Node[];
  /** Constants, known to the runtime when it prepares the session. */
  constants?: { name: string; type: ElementType; dims: number[]; data: Float32Array | Int32Array | BigInt64Array }[];
}

export const MICROSOFT = 'com.microsoft';
/** ONNX Runtime's internal blocked-channel operators. */
export const BLOCKED = 'com.microsoft.nchwc';

const IR_VERSION = 8;
const OPERATOR_SET = 17;
const ATTRIBUTE_TYPE = { float: 1, integer: 2, text: 3, integers: 7 };

export function encodeModel(model: Model): Uint8Array {
  const graph = [
    ...model.nodes.map((node) => submessage(1, encodeNode(node))),
    text(2, 'graph'),
    ...(model.constants ?? []).map(({ name, type, dims, data }) =>
      submessage(5, [
        ...dims.map((dim) => integer(1, dim)),
        integer(2, type),
        text(8, name),
        bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
      ]),
    ),
    ...model.inputs.map((type, index) => submessage(11, encodeValue(`i${index}`, type))),
    ...model.outputs.map((type, index) => submessage(12, encodeValue(`o${index}`, type))),
  ];
  return message([
    integer(1, IR_VERSION),
    submessage(7, graph),
    operatorSet('', OPERATOR_SET),
    operatorSet(MICROSOFT, 1),
    operatorSet(BLOCKED, 1),
  ]);
}

function operatorSet(domain: string, version: number): Uint8Array {
  return submessage(8, [text(1, domain), integer(2, version)]);
}

function encodeNode(node: Node): Uint8Array[] {
  return [
    ...node.inputs.map((name) => text(1, name)),
    ...node.outputs.map((name) => text(2, name)),
    text(4, node.operator),
    ...Object.entries(node.attributes ?? {}).map(([name, value]) => submessage(5, encodeAttribute(name, value))),
    text(7, node.domain ?? ''),
  ];
}

function encodeAttribute(name: string, value: AttributeValue): Uint8Array[] {
  if (typeof value === 'number') return [text(1, name), integer(3, value), integer(20, ATTRIBUTE_TYPE.integer)];
  if (typeof value === 'string') return [text(1, name), text(4, value), integer(20, ATTRIBUTE_TYPE.text)];
  if ('float' in value) return [text(1, name), float(2, value.float), integer(20, ATTRIBUTE_TYPE.float)];
  return [text(1, name), ...value.map((item) => integer(8, item)), integer(20, ATTRIBUTE_TYPE.integers)];
}

function encodeValue(name: string, type: ElementType): Uint8Array[] {
  return [text(1, name), submessage(2, [submessage(1, [integer(1, type)])])];
}

/** A model of one operator over its inputs in order. */
export function singleOperator(
  operator: string,
  inputs: ElementType[],
  outputs: ElementType[],
  options: { attributes?: Record<string, AttributeValue>; domain?: string } = {},
): Model {
  return {
    inputs,
    outputs,
    nodes: [
      {
        operator,
        inputs: inputs.map((_, index) => `i${index}`),
        outputs: outputs.map((_, index) => `o${index}`),
        ...options,
      },
    ],
  };
}
