/**
 * Why a TensorFlow that was built for CUDA uses no GPU, from what it wrote while it started: the end of a sentence, with
 * the remedy.
 */
export function whyNoGpu(messages: string): string {
  const missing = /Could not load dynamic library '([^']+)'|cannot dlopen[^\n]*?(lib\S+\.so\S*)/i.exec(messages);
  if (missing) {
    return `the CUDA library ${missing[1] ?? missing[2]} is missing; pip install "tensorflow[and-cuda]" into the Python of this TensorFlow.`;
  }
  if (/Cannot dlopen some GPU libraries/.test(messages)) {
    return 'CUDA libraries are missing; pip install "tensorflow[and-cuda]" into the Python of this TensorFlow.';
  }
  return 'it finds no GPU; install the driver of an NVIDIA GPU, and see whether nvidia-smi lists one.';
}
