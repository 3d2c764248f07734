import { ArrayDataset } from './ArrayDataset.js';
import { valuesPerSample } from './checkField.js';
import { copyRows } from './copyRows.js';
import type { Dataset, Field } from './Dataset.js';
import { requireCount } from './requireCount.js';

/** A data set of copies of these samples, named after the original and what was done to it. */
export function takeSamples(dataset: Dataset, indices: ArrayLike<number>, done: string): ArrayDataset {
  const { name, size, inputs, targets, classNames } = dataset;
  requireCount('The number of samples', indices.length, 1);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      throw new RangeError(`indices[${i}] is ${index}; ${name} has samples 0 to ${size - 1}.`);
    }
  }
  return new ArrayDataset({
    name: `${name}/${done}`,
    inputs: rowsOf(inputs, indices),
    targets: rowsOf(targets, indices),
    classNames,
  });
}

function rowsOf(field: Field, indices: ArrayLike<number>): Field {
  const stride = valuesPerSample(field.shape);
  const Values = field.data.constructor as new (length: number) => Field['data'];
  const data = new Values(indices.length * stride);
  copyRows(field.data, stride, indices, data);
  return { ...field, data };
}
