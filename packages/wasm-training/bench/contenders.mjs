import { fileURLToPath } from 'node:url';
import { LineProcess } from './LineProcess.mjs';

const trainer = fileURLToPath(new URL('trainer.mjs', import.meta.url));
const torchTrainer = fileURLToPath(new URL('torchTrainer.py', import.meta.url));

/**
 * Who takes part, each in processes of its own: one for every model, so that none finds a heap that another has grown.
 *
 * @typedef {object} Contender
 * @property {'stock' | 'ours' | 'pytorch'} name
 * @property {object} settings what its process is told beside the name of the model
 * @property {() => LineProcess} spawn
 */

/**
 * @param {{ node: string, python: string, plainSimd: boolean, stock: boolean }} options
 * @returns {Contender[]}
 */
export function contenders({ node, python, plainSimd, stock }) {
  const spawn = () => new LineProcess(node, [trainer]);
  const wasm = (name) => ({ name, settings: { contender: name, relaxedSimd: !plainSimd }, spawn });
  const torch = { name: 'pytorch', settings: {}, spawn: () => new LineProcess(python, [torchTrainer]) };
  return [...(stock ? [wasm('stock')] : []), wasm('ours'), torch];
}
