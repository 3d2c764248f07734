/** Backends by the names that users give: native TensorFlow on a GPU, WebGPU, native TensorFlow on the CPU, WebAssembly, plain JavaScript. */
export type BackendName = 'node-gpu' | 'webgpu' | 'node' | 'wasm' | 'cpu';

/** The backends in the order in which `'auto'` tries them. */
export const BACKENDS = ['node-gpu', 'webgpu', 'node', 'wasm', 'cpu'] as const satisfies readonly BackendName[];

/** Options of `useBackend`. */
export interface BackendOptions {
  /**
   * Threads of one operation: at least 1. For native TensorFlow, which takes all cores unless told otherwise and reads it
   * when it starts, so only the first call counts. wasm and cpu have one thread, and GPUs their own, whatever it is: the
   * result says what is in force.
   */
  threads?: number;
}

/** A backend that runs. */
export interface RunningBackend {
  backend: BackendName;
  /** What it runs on, such as `TensorFlow 2.21.0, 2 threads` or `NVIDIA L4, Vulkan`. */
  device: string;
  /** Whether the device is a program that imitates one, such as SwiftShader for WebGPU: right, and very slow. */
  isSoftware: boolean;
  /** Threads of one operation that are in force; undefined: all cores, or those of a GPU. */
  threads?: number;
  /** Versions of the packages and libraries that take part, by name. */
  versions: Record<string, string>;
}

/** Why a backend does not run here, in one sentence with the remedy. */
export class UnavailableBackendError extends Error {
  override readonly name = 'UnavailableBackendError';

  constructor(
    readonly backend: BackendName,
    /** One sentence: what is missing, and what to do about it. */
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`the backend ${backend} does not run here: ${reason}`, options);
  }
}

/**
 * Makes a backend the current one of TensorFlow.js.
 *
 * @throws UnavailableBackendError with the reason; the backend that was current then stays
 */
export type BackendStarter = (options: StartOptions) => Promise<RunningBackend>;

/** What a starter is told. */
export interface StartOptions extends BackendOptions {
  /** Whether the backend was asked for by name; else only a real device will do. */
  isExplicit: boolean;
}
