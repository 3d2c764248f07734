import { checkClassIndices } from './checkField.js';
import type { Dataset } from './Dataset.js';

/** Class of each sample and the number of classes: that of the names, or else one more than the highest index. */
export function classLabels({ name, targets, classNames }: Dataset): {
  labels: Uint8Array | Int32Array;
  classes: number;
} {
  const { data, shape } = targets;
  if (shape.length > 0) {
    throw new TypeError(
      `${name}: targets have shape [${shape}]; only one class index for each sample, shape [], can be used here.`,
    );
  }
  const classes = classNames?.length ?? highest(data) + 1;
  checkClassIndices(`${name}: targets`, targets, classes);
  return { labels: data as Uint8Array | Int32Array, classes };
}

/** Number of samples of each class. */
export function countClasses(labels: ArrayLike<number>, classes: number): Int32Array {
  const sizes = new Int32Array(classes);
  for (let i = 0; i < labels.length; i++) sizes[labels[i]!]!++;
  return sizes;
}

function highest(values: ArrayLike<number>): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) max = Math.max(max, values[i]!);
  return max;
}
