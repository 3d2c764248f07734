// Makes native TensorFlow for the tests in the cache of `gradis native install`, unless it is there. `--optional`: where
// that fails, or takes too long, it is one line and no error. What is said goes to stderr.

/** Milliseconds after which an optional installation is given up. */
const patience = 240_000;

const isOptional = process.argv.includes('--optional');
try {
  const { installNative } = await import('../../packages/backends/dist/index.js');
  const signal = isOptional ? AbortSignal.timeout(patience) : undefined;
  await installNative({ signal, onProgress: (message) => console.error(message) });
} catch ({ message }) {
  console.error(`Native TensorFlow cannot be installed: ${message.split('\n')[0]}`);
  if (!isOptional) process.exitCode = 1;
}
