import { concatBytes } from './concatBytes.js';
import { type FileSource, readBytes } from './files.js';

/** Images of 32 × 32 × 3 bytes, pixel after pixel, and their classes. */
export interface Cifar10Split {
  images: Uint8Array;
  labels: Uint8Array;
}

const PIXELS = 32 * 32;
const RECORD = 1 + 3 * PIXELS;

/** Reads files of CIFAR-10's binary version, one after another. `what` names those without a path in errors. */
export async function readCifar10Records(what: string, sources: readonly FileSource[]): Promise<Cifar10Split> {
  const batches: Cifar10Split[] = [];
  for (const [i, source] of sources.entries()) {
    const name = typeof source === 'string' ? source : `${what}, file ${i + 1}`;
    batches.push(parseRecords(name, await readBytes(source)));
  }
  return {
    images: concatBytes(batches.map(({ images }) => images)),
    labels: concatBytes(batches.map(({ labels }) => labels)),
  };
}

function parseRecords(name: string, bytes: Uint8Array): Cifar10Split {
  const size = bytes.length / RECORD;
  if (size === 0 || !Number.isInteger(size)) {
    throw new Error(
      `${name} holds ${bytes.length} bytes; CIFAR-10 has ${RECORD} an image, ${10_000 * RECORD} in a file of the complete set. Is it cut short, or another file? Get it again.`,
    );
  }
  const images = new Uint8Array(size * 3 * PIXELS);
  const labels = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const red = i * RECORD + 1;
    labels[i] = bytes[red - 1]!;
    for (let pixel = 0, to = i * 3 * PIXELS; pixel < PIXELS; pixel++, to += 3) {
      images[to] = bytes[red + pixel]!;
      images[to + 1] = bytes[red + PIXELS + pixel]!;
      images[to + 2] = bytes[red + 2 * PIXELS + pixel]!;
    }
  }
  return { images, labels };
}
