import { concatBytes } from './concatBytes.js';
import { type FileSource, readBytes } from './files.js';
import type { Cifar10Split } from './readCifar10Records.js';

const PIXELS = 32 * 32;
const CLASSES = 10;

/** Reads PNG files that hold an image in each row, and a JSON array of classes. `what` names those without a path in errors. */
export async function readCifar10Images(
  what: string,
  sources: readonly FileSource[],
  labelSource: FileSource,
): Promise<Cifar10Split> {
  const batches: Uint8Array[] = [];
  for (const [i, source] of sources.entries()) {
    const name = typeof source === 'string' ? source : `${what} images, file ${i + 1}`;
    batches.push(await decodeRows(name, await readBytes(source)));
  }
  const images = concatBytes(batches);
  const labels = parseLabels(
    typeof labelSource === 'string' ? labelSource : `${what} labels`,
    await readBytes(labelSource),
  );
  const size = images.length / (3 * PIXELS);
  if (labels.length !== size) {
    throw new Error(`${what}: ${size} images but ${labels.length} labels; the files do not belong together.`);
  }
  return { images, labels };
}

/** A row of 1,024 pixels is an image already: 32 rows of 32 pixels, red, green and blue of each together. */
async function decodeRows(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  // Only these files need a decoder, so nobody else loads it.
  const { decode } = await import('fast-png');
  let png: ReturnType<typeof decode>;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw new Error(
      `${name}: its ${bytes.length} bytes are no complete PNG (${(cause as Error).message}); get the file again.`,
      { cause },
    );
  }
  const { width, height, depth, channels, data } = png;
  if (width !== PIXELS || depth !== 8 || channels !== 3) {
    throw new Error(
      `${name} is a PNG of ${width} × ${height} pixels, ${channels} channels of ${depth} bits; it must be ${PIXELS} pixels wide, with 3 channels of 8 bits. Is it the right file?`,
    );
  }
  return data as Uint8Array;
}

function parseLabels(name: string, bytes: Uint8Array): Uint8Array {
  let labels: unknown;
  try {
    labels = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new Error(`${name}: its ${bytes.length} bytes are no JSON; get the file again.`, { cause });
  }
  if (!Array.isArray(labels)) throw new Error(`${name} must be a JSON array of classes. Is it the right file?`);
  const bad = labels.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= CLASSES);
  if (bad >= 0) throw new Error(`${name}[${bad}] is ${labels[bad]}; classes are 0 to ${CLASSES - 1}.`);
  return Uint8Array.from(labels);
}
