import * as tf from '@tensorflow/tfjs';

/** Frees what a gradient that failed had saved for its backward pass, which TF.js keeps. */
export function dropTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0 || !state.activeTape) return;
  for (const { saved } of state.activeTape) tf.dispose(saved ?? []);
  state.activeTape = [];
}
