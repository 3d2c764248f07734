import * as tf from '@tensorflow/tfjs';

/** Callbacks as `model.fit` takes them: tf.Callback objects, objects with functions such as `onEpochEnd`, or lists of either. */
export type FitCallbacks = NonNullable<tf.ModelFitArgs['callbacks']>;

/** What all callback classes of TF.js extend; it does not export the type. */
export type BaseCallback = ConstructorParameters<typeof tf.CallbackList>[0] extends (infer C)[] | undefined ? C : never;

/** Callback objects; if there are none, an empty custom callback, which lets the page breathe now and then. */
export function toCallbacks(
  callbacks: FitCallbacks = [],
  yieldEvery: NonNullable<tf.ModelFitArgs['yieldEvery']>,
): BaseCallback[] {
  const list = [callbacks].flat();
  if (list.length === 0) list.push({});
  return list.map((callback) =>
    isCallback(callback) ? callback : new tf.CustomCallback(callback as tf.CustomCallbackArgs, yieldEvery),
  );
}

function isCallback(callback: object): callback is BaseCallback {
  return 'setParams' in callback && 'setModel' in callback;
}
