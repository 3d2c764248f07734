import type { NativeBackend, TensorId } from './NativeBackend.js';
import { Ops } from './Ops.js';

/** A float32 number that TensorFlow holds. */
interface Scalar {
  value: number;
  id: TensorId;
}

/** The scalars of the last call of each op, by backend. */
const held = new WeakMap<NativeBackend, Record<string, Scalar[]>>();

/**
 * Scalars for an op, which stay for its next call: within a step, all variables need the same. Nobody else deletes them.
 *
 * @param name of the op, such as `ResourceApplyAdam`
 * @returns their numbers, in this order
 */
export function heldScalars(backend: NativeBackend, name: string, values: readonly number[]): TensorId[] {
  const ops = new Ops(backend);
  const byName = held.get(backend) ?? {};
  held.set(backend, byName);
  byName[name] = values.map((value, i) => {
    const last = byName[name]?.[i];
    if (last && Object.is(last.value, value)) return last;
    const scalar = { value, id: ops.scalar(value) };
    if (last) ops.release(last.id);
    return scalar;
  });
  return byName[name].map(({ id }) => id);
}
