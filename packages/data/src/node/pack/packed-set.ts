// What goes into a packed set, and the forms it is written in.

/** One picture, encoded as PNG at the size of the set. */
export interface PackedPicture {
  readonly png: Uint8Array;
  readonly label?: number | undefined;
  readonly vector?: readonly number[] | undefined;
}

/** Pictures in their order, each made when it is asked for. */
export interface PackedSet {
  readonly classNames?: readonly string[] | undefined;
  readonly pictures: AsyncIterable<PackedPicture>;
}

/** The bytes of a file in one form, in parts. */
export type PackForm = (set: PackedSet) => AsyncIterable<Uint8Array>;
