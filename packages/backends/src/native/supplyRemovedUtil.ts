/**
 * Gives Node's `util` back what Node 23 removed and `@tensorflow/tfjs-node` 4 still calls: `isArray` and
 * `isNullOrUndefined`. Only what is absent is added, and what exists is left alone. No other file changes
 * anything of Node's.
 *
 * It must use nothing from outside its body: the check of an installation sends its text to another process.
 *
 * @param util what `require('node:util')` gives
 */
export function supplyRemovedUtil(util: object): void {
  const removed: Record<string, (value: unknown) => boolean> = {
    isArray: Array.isArray,
    isNullOrUndefined: (value) => value === null || value === undefined,
  };
  const all = util as typeof removed;
  for (const name of Object.keys(removed)) {
    if (name in util)
      all[name](undefined); // Node 22 warns at the first call: here, where warnings are turned off.
    else all[name] = removed[name];
  }
}
