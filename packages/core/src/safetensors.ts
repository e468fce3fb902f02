// The safetensors format: an 8-byte length, a JSON header, then the values. Reading one executes nothing.
// https://github.com/huggingface/safetensors#format
import { GanKitError } from './error.ts';
import type { StoredTensor } from './state.ts';

const toSafetensors = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const;
const fromSafetensors = { F32: 'float32', I32: 'int32', BOOL: 'bool' } as const;
const bytesPerValue = { float32: 4, int32: 4, bool: 1 } as const;

/** The header may not be larger than this; the reference implementation has the same bound. */
const maximumHeaderLength = 100_000_000;
const alignment = 8;

interface HeaderEntry {
  readonly dtype: keyof typeof fromSafetensors;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * The bytes of a safetensors file. Tensors are written in the order of their names, so equal content gives equal bytes.
 *
 * @param tensors Tensors by name.
 * @param metadata Text by key, kept in the header.
 * @throws GanKitError `invalid-argument` for what {@link decodeSafetensors} would not read back: a tensor named `__metadata__`, one whose
 *   data are not as many as its shape says or of another type, metadata that are no text.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, StoredTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  // Four-byte values first keeps every tensor aligned.
  const names = Object.keys(tensors).sort(
    (a, b) => bytesPerValue[tensors[b]!.dtype] - bytesPerValue[tensors[a]!.dtype] || (a < b ? -1 : 1),
  );
  if (Object.hasOwn(tensors, '__metadata__')) {
    throw new GanKitError('invalid-argument', "A tensor cannot be named '__metadata__'; safetensors keeps that name.");
  }
  if (!isMetadata(metadata)) {
    throw new GanKitError('invalid-argument', 'The metadata of a safetensors file must be text by key.');
  }
  const header: Record<string, unknown> = Object.create(null);
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let offset = 0;
  for (const name of names) {
    const { dtype, shape, data } = tensors[name]!;
    checkTensor(name, tensors[name]!);
    header[name] = { dtype: toSafetensors[dtype], shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  if (json.length > maximumHeaderLength) {
    throw new GanKitError(
      'invalid-argument',
      `The names of the tensors fill ${json.length} bytes; ${maximumHeaderLength} are the most.`,
    );
  }
  const headerLength = Math.ceil(json.length / alignment) * alignment;
  const bytes = new Uint8Array(8 + headerLength + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength).set(json, 8);
  let at = 8 + headerLength;
  for (const name of names) {
    const { data } = tensors[name]!;
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** @throws GanKitError `invalid-argument` for a tensor that could not be read back. */
function checkTensor(name: string, { dtype, shape, data }: StoredTensor): void {
  const refuse = (why: string) =>
    new GanKitError('invalid-argument', `The tensor '${name}' cannot be written: ${why}.`, { value: shape });
  if (!Object.hasOwn(arrays, dtype)) throw refuse(`its type is ${String(dtype)}, not float32, int32 or bool`);
  if (!(data instanceof arrays[dtype])) throw refuse(`its data are no ${arrays[dtype].name}`);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw refuse(`its shape is [${shape.join(', ')}]`);
  const expected = shape.reduce((product, size) => product * size, 1);
  if (data.length !== expected) {
    throw refuse(`its shape [${shape.join(', ')}] has ${expected} values, and its data ${data.length}`);
  }
}

function isMetadata(metadata: unknown): metadata is Record<string, string> {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return false;
  return Object.values(metadata).every((value) => typeof value === 'string');
}

function isEntry(entry: unknown): entry is HeaderEntry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Partial<HeaderEntry>;
  const isSize = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  return (
    typeof dtype === 'string' &&
    Array.isArray(shape) &&
    shape.every(isSize) &&
    Array.isArray(offsets) &&
    offsets.length === 2 &&
    offsets.every(isSize)
  );
}

/**
 * Reads a safetensors file. Every length is checked before anything is allocated.
 *
 * @param path What to call the file in an error.
 * @returns The tensors by name (their data are copies) and the metadata.
 * @throws GanKitError `invalid-data` when the file is damaged or holds a type other than F32, I32 or BOOL.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  path: string,
): { tensors: Record<string, StoredTensor>; metadata: Record<string, string> } {
  const damaged = (why: string, cause?: unknown) =>
    new GanKitError('invalid-data', `'${path}' is not a readable safetensors file (${why}).`, { path, cause });
  if (bytes.length < 8) throw damaged(`it has only ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > maximumHeaderLength || 8 + headerLength > bytes.length) {
    throw damaged(`its header of ${headerLength} bytes does not fit into ${bytes.length} bytes`);
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + headerLength)));
  } catch (cause) {
    throw damaged('its header is not JSON', cause);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw damaged('its header is not an object');
  const { __metadata__: metadata = {}, ...entries } = header as Record<string, unknown>;
  if (!isMetadata(metadata)) throw damaged('its metadata is not text by key');
  // A plain view: `slice` of a Node Buffer would not copy.
  const values = new Uint8Array(bytes.buffer, bytes.byteOffset + 8 + headerLength, bytes.length - 8 - headerLength);
  const layout: [name: string, entry: HeaderEntry][] = [];
  for (const [name, entry] of Object.entries(entries)) {
    if (!isEntry(entry)) throw damaged(`the entry of '${name}' is malformed`);
    if (!Object.hasOwn(fromSafetensors, entry.dtype))
      throw damaged(`'${name}' has the unsupported type ${entry.dtype}`);
    const [begin, end] = entry.data_offsets;
    const expected = entry.shape.reduce((product, size) => product * size, bytesPerValue[fromSafetensors[entry.dtype]]);
    if (end > values.length || end - begin !== expected) {
      throw damaged(`'${name}' should have ${expected} bytes, from ${begin} to ${end} of ${values.length}`);
    }
    layout.push([name, entry]);
  }
  // Without gaps or overlaps, as the format demands, no file can ask for more memory than its own size.
  const spans = layout.map(([, entry]) => entry.data_offsets).sort(([a, aEnd], [b, bEnd]) => a - b || aEnd - bEnd);
  const covered = spans.reduce((at, [begin, end]) => (begin === at ? end : Number.NaN), 0);
  if (covered !== values.length) throw damaged('its tensors do not cover its data without gap or overlap');

  const tensors: Record<string, StoredTensor> = Object.create(null);
  for (const [name, { dtype: storedType, shape, data_offsets: offsets }] of layout) {
    const dtype = fromSafetensors[storedType];
    const { buffer } = values.slice(...offsets);
    const data =
      dtype === 'float32'
        ? new Float32Array(buffer)
        : dtype === 'int32'
          ? new Int32Array(buffer)
          : new Uint8Array(buffer);
    tensors[name] = { dtype, shape, data };
  }
  return { tensors, metadata };
}
