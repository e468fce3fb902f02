// Labels of IDX files as classes: numbers that never occur get no class.

/** Classes of labels that are any whole numbers. */
export interface LabelClasses {
  /** The labels as written in the file, in rising order; their positions are the classes. */
  readonly classNames: readonly string[];
  /** The class of each label. */
  classesOf(labels: ArrayLike<number>): Int32Array;
}

/** A class for each label that occurs in any of these files, so that a training set and its test set agree. */
export function labelClasses(files: readonly ArrayLike<number>[]): LabelClasses {
  const occurring = [...new Set(files.flatMap((labels) => [...new Set(Array.from(labels))]))].sort((a, b) => a - b);
  const classOf = new Map(occurring.map((label, index) => [label, index]));
  return {
    classNames: occurring.map(String),
    classesOf: (labels) => Int32Array.from(labels, (label) => classOf.get(label)!),
  };
}
