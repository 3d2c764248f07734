import type { BackendName } from '@gradis/backends';

/** How one backend is. */
export interface BackendHealth {
  backend: BackendName;
  /** Whether it runs. */
  runs: boolean;
  /** What it runs on. */
  device?: string;
  /** Whether a program imitates the device; such a backend is taken only if it is asked for. */
  isSoftware?: boolean;
  /** Versions of the packages and libraries that take part. */
  versions?: Record<string, string>;
  /** Milliseconds of a training step, median: 784-256-256-10, 64 samples, Adam. */
  stepMilliseconds?: number;
  /** Why it does not run, in one sentence with the remedy. */
  reason?: string;
}

/** How well this machine trains, and what it lacks. */
export interface Health {
  gradis: string;
  node: string;
  platform: string;
  cpu: string;
  /** NVIDIA GPUs with their drivers, as the driver names them. */
  gpus: string[];
  /** Versions of the packages that backends come from; null: not installed. */
  packages: Record<string, string | null>;
  /** Native TensorFlow that gradis has installed: package, version and where TensorFlow is. */
  nativeInstallations: string[];
  backends: BackendHealth[];
  /** What `--backend auto` takes. */
  auto?: BackendName;
}
