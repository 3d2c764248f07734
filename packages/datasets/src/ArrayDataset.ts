import { checkClassIndices, checkField, valuesPerSample } from './checkField.js';
import { copyRows } from './copyRows.js';
import type { Dataset, Field, GatheredBatch, GatheredField } from './Dataset.js';

/** What an {@link ArrayDataset} is made of. The arrays are used as they are, not copied. */
export interface ArrayDatasetOptions {
  /** What it is called in logs and reports. */
  name: string;
  /** `N × product(shape)` values; N follows from their number. */
  inputs: Field;
  /** As many samples as the inputs. */
  targets: Field;
  /** Names of the classes. If given, the targets must be integers in [0, number of names). */
  classNames?: readonly string[];
}

/**
 * A data set over typed arrays.
 *
 * @throws TypeError or RangeError if lengths and shapes disagree, a float is not finite, or a class index is out of range.
 *
 * @example
 * ```ts
 * import { ArrayDataset } from '@gradis/datasets';
 *
 * const dataset = new ArrayDataset({
 *   name: 'three grey pixels',
 *   inputs: { data: new Uint8Array([0, 51, 255]), shape: [1], scale: 1 / 255 },
 *   targets: { data: new Int32Array([0, 0, 1]), shape: [] },
 *   classNames: ['dark', 'bright'],
 * });
 * const { inputs, targets } = dataset.gather(new Int32Array([2, 0]));
 * console.log(inputs.data, inputs.shape); // → Float32Array(2) [ 1, 0 ] [ 2, 1 ]
 * console.log(targets.data, targets.shape); // → Int32Array(2) [ 1, 0 ] [ 2 ]
 * ```
 */
export class ArrayDataset implements Dataset {
  readonly name: string;
  readonly size: number;
  readonly inputs: Field;
  readonly targets: Field;
  readonly classNames?: readonly string[];

  constructor({ name, inputs, targets, classNames }: ArrayDatasetOptions) {
    checkField(`${name}: inputs`, inputs);
    checkField(`${name}: targets`, targets);
    const size = inputs.data.length / valuesPerSample(inputs.shape);
    const targetSize = targets.data.length / valuesPerSample(targets.shape);
    if (size !== targetSize) {
      throw new RangeError(`${name}: inputs hold ${size} samples and targets ${targetSize}; they must hold the same.`);
    }
    if (classNames) checkClassIndices(`${name}: targets`, targets, classNames.length);
    this.name = name;
    this.size = size;
    this.inputs = inputs;
    this.targets = targets;
    this.classNames = classNames;
  }

  gather(indices: Int32Array, into?: GatheredBatch): GatheredBatch {
    const bad = indices.findIndex((index) => index < 0 || index >= this.size);
    if (bad >= 0) {
      throw new RangeError(`indices[${bad}] is ${indices[bad]}; ${this.name} has samples 0 to ${this.size - 1}.`);
    }
    const batch = into ?? { inputs: emptyField(), targets: emptyField() };
    gatherField(this.inputs, indices, batch.inputs, Float32Array);
    gatherField(this.targets, indices, batch.targets, staysInteger(this.targets) ? Int32Array : Float32Array);
    return batch;
  }
}

function emptyField(): GatheredField {
  return { data: new Float32Array(0), shape: [] };
}

function staysInteger({ data, scale, shift }: Field): boolean {
  return !(data instanceof Float32Array) && scale === undefined && shift === undefined;
}

/** Copy first, then scale in place: 1.6 times as fast as both in one loop, and a table of the 256 bytes is slower still. */
function gatherField(
  { data, shape, scale = 1, shift = 0 }: Field,
  indices: Int32Array,
  into: GatheredField,
  Values: Float32ArrayConstructor | Int32ArrayConstructor,
): void {
  const stride = valuesPerSample(shape);
  const length = indices.length * stride;
  if (!(into.data instanceof Values) || into.data.length !== length) into.data = new Values(length);
  into.shape = [indices.length, ...shape];
  copyRows(data, stride, indices, into.data);
  if (scale !== 1 || shift !== 0) {
    const out = into.data;
    for (let i = 0; i < length; i++) out[i] = out[i]! * scale + shift;
  }
}
