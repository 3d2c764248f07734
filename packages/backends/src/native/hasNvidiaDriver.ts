import { existsSync } from 'node:fs';

/** What the kernel's part of a driver shows: that of Linux, and that of Windows for Linux inside it. */
const DEVICES = ['/dev/nvidiactl', '/proc/driver/nvidia/version', '/dev/dxg'];

/** Whether a driver of NVIDIA may be there: TensorFlow with CUDA runs on Linux alone. */
export function hasNvidiaDriver(): boolean {
  return process.platform === 'linux' && DEVICES.some((path) => existsSync(path));
}
