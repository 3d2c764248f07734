import { type MethodName, methods } from '@gradis/training';
import type { Settings } from './Settings.js';

/** The score that a run takes: the one that its method is defined by, or else that of the settings. */
export function scoreOf(method: MethodName, { score }: Settings): Settings['score'] {
  return methods[method].score ?? score;
}
