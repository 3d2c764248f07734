import type { Field } from './Dataset.js';

/** Number of values in one sample of this shape. */
export function valuesPerSample(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** Throws unless the field is well formed: array type, shape, finite scale, shift and values. `what` names it in errors. */
export function checkField(what: string, { data, shape, scale = 1, shift = 0 }: Field): void {
  if (!(data instanceof Uint8Array || data instanceof Int32Array || data instanceof Float32Array)) {
    throw new TypeError(`${what}.data must be a Uint8Array, an Int32Array or a Float32Array.`);
  }
  shape.forEach((dimension, axis) => {
    if (!Number.isInteger(dimension) || dimension < 1) {
      throw new RangeError(`${what}.shape[${axis}] is ${dimension}; dimensions must be integers ≥ 1.`);
    }
  });
  if (!Number.isFinite(scale)) throw new RangeError(`${what}.scale is ${scale}; it must be finite.`);
  if (!Number.isFinite(shift)) throw new RangeError(`${what}.shift is ${shift}; it must be finite.`);
  if (data.length === 0 || data.length % valuesPerSample(shape) !== 0) {
    throw new RangeError(
      `${what}.data holds ${data.length} values; with shape [${shape}] it must hold a positive multiple of ${valuesPerSample(shape)}.`,
    );
  }
  if (data instanceof Float32Array) checkFinite(what, data);
}

/** Throws unless the field holds class indices in [0, classes), stored as integers. */
export function checkClassIndices(what: string, { data, scale, shift }: Field, classes: number): void {
  if (data instanceof Float32Array || scale !== undefined || shift !== undefined) {
    throw new TypeError(
      `${what} are not class indices; give them as Int32Array or Uint8Array without scale and shift, or drop classNames.`,
    );
  }
  const bad = data.findIndex((value: number) => value < 0 || value >= classes);
  if (bad >= 0) {
    throw new RangeError(
      `${what}.data[${bad}] is ${data[bad]}; with ${classes} classes it must be in [0, ${classes}).`,
    );
  }
}

/** A plain loop: `findIndex` takes six times as long, which shows on a hundred million values. */
function checkFinite(what: string, data: Float32Array): void {
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i]!)) throw new RangeError(`${what}.data[${i}] is ${data[i]}; values must be finite.`);
  }
}
