import type { TensorInfo } from '@tensorflow/tfjs';
import { heldScalars } from './heldScalars.js';
import type { NativeBackend, TensorId } from './NativeBackend.js';
import { Ops } from './Ops.js';

/** Runs an update on decay · w, which is there only for it, or on w itself where nothing decays. */
export function withDecay(
  backend: NativeBackend,
  w: TensorInfo,
  decay: number,
  update: (decayed: TensorInfo) => TensorInfo[],
): TensorInfo[] {
  if (decay === 1) return update(w);
  const ops = new Ops(backend);
  const [factor] = heldScalars(backend, 'Mul', [decay]) as [TensorId];
  const decayed = ops.output('Mul', [ops.type('T')], [ops.id(w), factor]);
  try {
    return update(decayed);
  } finally {
    backend.disposeData(decayed.dataId);
  }
}
