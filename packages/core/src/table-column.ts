/** A column of numbers: `minimum` is -1 in a sample and `maximum` is 1. */
export interface NumberColumn {
  readonly name: string;
  readonly kind: 'number';
  readonly minimum: number;
  readonly maximum: number;
  /** Only whole numbers occur in it. */
  readonly whole: boolean;
}

/** A column of names: one number in a sample for each, 1 for the one that it is and -1 for the others. */
export interface CategoryColumn {
  readonly name: string;
  readonly kind: 'category';
  readonly categories: readonly string[];
}

/** What one column of a table becomes in a sample, as plain JSON. Columns follow one another in their order. */
export type TableColumn = NumberColumn | CategoryColumn;
