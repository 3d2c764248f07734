import { classLabels, countClasses } from './classLabels.js';
import type { Dataset } from './Dataset.js';

/**
 * Number of samples of each class.
 *
 * @param dataset Its targets must be class indices of shape [].
 * @returns One count for each class; they sum to N. [number of classes]
 * @throws TypeError if the targets are not class indices.
 *
 * @example
 * ```ts
 * import { blobs, classSizes } from '@gradis/datasets';
 *
 * console.log(classSizes(blobs({ size: 100, seed: 1, classes: 3 }))); // → Int32Array(3) [ 34, 33, 33 ]
 * ```
 */
export function classSizes(dataset: Dataset): Int32Array {
  const { labels, classes } = classLabels(dataset);
  return countClasses(labels, classes);
}
