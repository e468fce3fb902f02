// What every recogniser is: a look at a place, and the data set that opens it.
import type { NamedPart } from '@gankit/core/registry';

/** A path or an address, and what is seen there at first sight. */
export interface Place {
  /** As it was given, a path made whole. */
  readonly path: string;
  /** The last part of it. */
  readonly name: string;
  /** What lies in it, by name, when it is a folder. */
  readonly folder?: readonly string[] | undefined;
  /** The first bytes of it, when it is a file. */
  readonly start: Uint8Array;
}

/** One kind of data that is known by how it looks. */
export interface DataFormat {
  /** What it is called in sentences. */
  readonly title: string;
  /** The data set, by its name and options, that opens this place; `undefined` when it is another kind. */
  recognise(place: Place): NamedPart | undefined | Promise<NamedPart | undefined>;
}
