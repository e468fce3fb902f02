// An ONNX model as bytes (onnx/onnx.proto), written with pbf.
import { PbfWriter } from 'pbf';

/** Element types by their numbers in `TensorProto.DataType`. */
export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9, double: 11 } as const;
export type ElementType = keyof typeof elementTypes;

/** A whole number, `{ float }`, a text, or whole numbers. */
export type OnnxAttribute = number | { readonly float: number } | string | readonly number[];

export interface OnnxNode {
  readonly operator: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: ArrayBufferView;
}

/** An input or output; a size that is a text is any size, the same wherever the text is the same. */
export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly (number | string)[];
}

export interface OnnxModel {
  readonly name: string;
  readonly opset: number;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** `AttributeProto.AttributeType`. */
const attributeTypes = { float: 1, integer: 2, text: 3, integers: 7 } as const;

/** The oldest version of the format that knows the operator set (onnx/docs/Versioning.md). */
function formatVersion(opset: number): number {
  if (opset <= 18) return 8;
  return opset <= 20 ? 9 : 10;
}

function writeAttribute([name, value]: readonly [string, OnnxAttribute], writer: PbfWriter): void {
  writer.writeStringField(1, name);
  if (typeof value === 'number') {
    writer.writeVarintField(3, value);
    writer.writeVarintField(20, attributeTypes.integer);
  } else if (typeof value === 'string') {
    writer.writeStringField(4, value);
    writer.writeVarintField(20, attributeTypes.text);
  } else if ('float' in value) {
    writer.writeFloatField(2, value.float);
    writer.writeVarintField(20, attributeTypes.float);
  } else {
    for (const item of value) writer.writeVarintField(8, item);
    writer.writeVarintField(20, attributeTypes.integers);
  }
}

function writeNode(node: OnnxNode, writer: PbfWriter): void {
  for (const input of node.inputs) writer.writeStringField(1, input);
  for (const output of node.outputs) writer.writeStringField(2, output);
  writer.writeStringField(3, node.name);
  writer.writeStringField(4, node.operator);
  for (const attribute of Object.entries(node.attributes)) writer.writeMessage(5, writeAttribute, attribute);
}

function writeTensor({ name, type, dims, data }: OnnxTensor, writer: PbfWriter): void {
  for (const size of dims) writer.writeVarintField(1, size);
  writer.writeVarintField(2, elementTypes[type]);
  writer.writeStringField(8, name);
  writer.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeDimension(size: number | string, writer: PbfWriter): void {
  if (typeof size === 'number') writer.writeVarintField(1, size);
  else writer.writeStringField(2, size);
}

function writeShape(dims: readonly (number | string)[], writer: PbfWriter): void {
  for (const size of dims) writer.writeMessage(1, writeDimension, size);
}

function writeTensorType({ type, dims }: OnnxValue, writer: PbfWriter): void {
  writer.writeVarintField(1, elementTypes[type]);
  writer.writeMessage(2, writeShape, dims);
}

function writeType(value: OnnxValue, writer: PbfWriter): void {
  writer.writeMessage(1, writeTensorType, value);
}

function writeValue(value: OnnxValue, writer: PbfWriter): void {
  writer.writeStringField(1, value.name);
  writer.writeMessage(2, writeType, value);
}

function writeGraph(model: OnnxModel, writer: PbfWriter): void {
  for (const node of model.nodes) writer.writeMessage(1, writeNode, node);
  writer.writeStringField(2, model.name);
  for (const tensor of model.initializers) writer.writeMessage(5, writeTensor, tensor);
  for (const value of model.inputs) writer.writeMessage(11, writeValue, value);
  for (const value of model.outputs) writer.writeMessage(12, writeValue, value);
}

function writeOperatorSet(version: number, writer: PbfWriter): void {
  writer.writeStringField(1, '');
  writer.writeVarintField(2, version);
}

function writeMetadata([key, value]: readonly [string, string], writer: PbfWriter): void {
  writer.writeStringField(1, key);
  writer.writeStringField(2, value);
}

/** The bytes of an `.onnx` file. */
export function encodeOnnxModel(model: OnnxModel): Uint8Array {
  const writer = new PbfWriter();
  writer.writeVarintField(1, formatVersion(model.opset));
  writer.writeStringField(2, 'GANKit');
  writer.writeMessage(7, writeGraph, model);
  writer.writeMessage(8, writeOperatorSet, model.opset);
  for (const entry of Object.entries(model.metadata)) writer.writeMessage(14, writeMetadata, entry);
  return writer.finish();
}
