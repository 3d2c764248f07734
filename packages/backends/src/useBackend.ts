import {
  BACKENDS,
  type BackendName,
  type BackendOptions,
  type BackendStarter,
  type RunningBackend,
  UnavailableBackendError,
} from './Backend.js';

/** A backend that was asked for but does not run here, and why. */
export interface PassedOverBackend {
  backend: BackendName;
  /** One sentence with the remedy. */
  reason: string;
}

/** The backend that runs now, and why no better one does. */
export interface BackendChoice extends RunningBackend {
  /** The backends that `'auto'` would have preferred, best first. Empty for a backend that was asked for by name. */
  passedOver: PassedOverBackend[];
}

/** What `useBackend` is. */
export type UseBackend = (name?: BackendName | 'auto', options?: BackendOptions) => Promise<BackendChoice>;

/** Makes `useBackend` for a platform from the ways to start its backends. */
export function backendChooser(starters: Readonly<Record<BackendName, BackendStarter>>): UseBackend {
  return async (name = 'auto', { threads } = {}) => {
    if (name !== 'auto' && !BACKENDS.includes(name)) {
      throw new RangeError(`the backend is '${name}'; it must be one of auto, ${BACKENDS.join(', ')}.`);
    }
    if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 1)) {
      throw new RangeError(`threads is ${threads}; it must be a whole number ≥ 1.`);
    }
    if (name !== 'auto') return { ...(await starters[name]({ threads, isExplicit: true })), passedOver: [] };
    const passedOver: PassedOverBackend[] = [];
    for (const backend of BACKENDS) {
      try {
        return { ...(await starters[backend]({ threads, isExplicit: false })), passedOver };
      } catch (error) {
        if (!(error instanceof UnavailableBackendError)) throw error;
        passedOver.push({ backend, reason: error.reason });
      }
    }
    const reasons = passedOver.map(({ backend, reason }) => `${backend}: ${reason}`);
    throw new Error(`no backend of TensorFlow.js runs here.\n${reasons.join('\n')}`);
  };
}
