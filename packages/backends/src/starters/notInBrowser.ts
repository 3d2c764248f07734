import { type BackendName, type BackendStarter, UnavailableBackendError } from '../Backend.js';

/** For a backend that needs Node. */
export const notInBrowser =
  (backend: BackendName): BackendStarter =>
  async () => {
    throw new UnavailableBackendError(backend, "native TensorFlow needs Node; in a browser, take 'webgpu' or 'wasm'.");
  };
