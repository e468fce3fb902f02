/** One encoded picture of a store. */
export interface PictureEntry {
  /** Where it stands in its store, for messages: `cats/1.png`, `row 17`. */
  readonly path: string;
  /** Its class, from 0. */
  readonly label?: number | undefined;
  /** What else is known of it: attributes or an embedding. */
  readonly vector?: readonly number[] | undefined;
}

/** Where encoded pictures lie: a folder, an archive, a Parquet file, files dropped into a page. */
export interface PictureStore {
  readonly name: string;
  /** In the order that they are stored in, which is the same on every machine. */
  readonly entries: readonly PictureEntry[];
  readonly classNames?: readonly string[] | undefined;
  /** Paths of what lies there and is no picture. */
  readonly leftOut?: readonly string[] | undefined;
  /** Changes when what it holds may have changed: made of names, sizes and times, not of all the bytes. */
  fingerprint(): Promise<string>;
  /** The bytes of one file: PNG, JPEG, WebP, ... May be called for several at once. */
  read(index: number): Promise<Uint8Array>;
  close(): Promise<void>;
}
