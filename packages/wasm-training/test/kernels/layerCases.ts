import * as tf from '@tensorflow/tfjs';

/** A layer and the shapes of its inputs, batch first. */
export interface LayerCase {
  name: string;
  layer: () => tf.layers.Layer;
  inputs: number[][];
  /** The inputs are whole numbers from 0 on and less than this, which have no gradient. */
  categories?: number;
  /** What is wrong with the gradient on cpu, which then is no reference. */
  wrongOnCpu?: string;
  /** So many corners (of maxima, of hard sigmoids) that differences of the loss are no slopes. */
  hasCorners?: boolean;
}

const layers = tf.layers;

function layerCase(name: string, inputs: number[][], layer: () => tf.layers.Layer): LayerCase {
  return { name, layer, inputs };
}

function withCorners(each: LayerCase): LayerCase {
  return { ...each, hasCorners: true };
}

const activations = [
  'elu',
  'hardSigmoid',
  'linear',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'tanh',
  'swish',
  'mish',
  'gelu',
  'gelu_new',
] as const;

const dense = [
  ...activations.flatMap((activation) =>
    [
      layerCase(`dense with ${activation}`, [[5, 7]], () => layers.dense({ units: 6, activation })),
      layerCase(`activation ${activation}`, [[4, 3, 5]], () => layers.activation({ activation })),
    ].map((each) => ({ ...each, hasCorners: activation.startsWith('relu') })),
  ),
  layerCase('dense over time steps', [[2, 3, 4]], () => layers.dense({ units: 5, activation: 'tanh' })),
  layerCase('dense without bias', [[5, 7]], () => layers.dense({ units: 6, useBias: false })),
];

const paddings = ['same', 'valid'] as const;
const say = (setting: object) =>
  Object.entries(setting)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');

const strided = [1, 2].flatMap((strides) =>
  paddings.map((padding) => ({ filters: 4, kernelSize: 3, strides, padding })),
);
const dilated = paddings.map((padding) => ({ filters: 4, kernelSize: 3, dilationRate: 2, padding }));

const convolutions = [
  ...strided.flatMap((setting) => [
    layerCase(`conv1d, ${say(setting)}`, [[2, 9, 3]], () => layers.conv1d(setting)),
    layerCase(`conv2d, ${say(setting)}`, [[2, 8, 7, 3]], () => layers.conv2d(setting)),
    layerCase(`depthwiseConv2d, ${say(setting)}`, [[2, 8, 7, 3]], () =>
      layers.depthwiseConv2d({ ...setting, depthMultiplier: 2 }),
    ),
    layerCase(`separableConv2d, ${say(setting)}`, [[2, 8, 7, 3]], () => layers.separableConv2d(setting)),
    layerCase(`conv3d, ${say(setting)}`, [[2, 6, 7, 5, 3]], () => layers.conv3d(setting)),
    layerCase(`conv2dTranspose, ${say(setting)}`, [[2, 5, 4, 3]], () => layers.conv2dTranspose(setting)),
    layerCase(`conv3dTranspose, ${say(setting)}`, [[2, 3, 4, 3, 3]], () => layers.conv3dTranspose(setting)),
  ]),
  ...dilated
    .flatMap((setting) => [
      layerCase(`conv1d, ${say(setting)}`, [[2, 9, 3]], () => layers.conv1d(setting)),
      layerCase(`conv2d with elu, ${say(setting)}`, [[2, 8, 7, 3]], () =>
        layers.conv2d({ ...setting, activation: 'elu' }),
      ),
      layerCase(`separableConv2d, ${say(setting)}`, [[2, 8, 7, 3]], () => layers.separableConv2d(setting)),
    ])
    .map((each) => ({ ...each, wrongOnCpu: 'dilated convolutions have none' })),
  withCorners(
    layerCase('conv2d with relu', [[2, 8, 7, 3]], () =>
      layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
    ),
  ),
  layerCase('conv2d over channels first', [[2, 3, 8, 7]], () =>
    layers.conv2d({ filters: 4, kernelSize: 3, dataFormat: 'channelsFirst' }),
  ),
];

const windows = [
  { poolSize: 2, strides: 2 },
  { poolSize: 3, strides: 1 },
  { poolSize: 3, strides: 2 },
].flatMap((window) => (['same', 'valid'] as const).map((padding) => ({ ...window, padding })));

const pooling = [
  ...windows.flatMap((window) => [
    layerCase(`maxPooling1d, ${say(window)}`, [[2, 7, 3]], () => layers.maxPooling1d(window)),
    layerCase(`maxPooling2d, ${say(window)}`, [[2, 7, 6, 3]], () => layers.maxPooling2d(window)),
    withCorners(layerCase(`maxPooling3d, ${say(window)}`, [[2, 5, 6, 7, 3]], () => layers.maxPooling3d(window))),
    ...[
      layerCase(`averagePooling1d, ${say(window)}`, [[2, 7, 3]], () => layers.averagePooling1d(window)),
      layerCase(`averagePooling2d, ${say(window)}`, [[2, 7, 6, 3]], () => layers.averagePooling2d(window)),
      layerCase(`averagePooling3d, ${say(window)}`, [[2, 5, 6, 7, 3]], () => layers.averagePooling3d(window)),
    ].map((each) =>
      window.padding === 'same' ? { ...each, wrongOnCpu: 'padding gets a share of the gradient' } : each,
    ),
  ]),
  layerCase('globalMaxPooling1d', [[2, 7, 3]], () => layers.globalMaxPooling1d()),
  layerCase('globalMaxPooling2d', [[2, 7, 6, 3]], () => layers.globalMaxPooling2d({})),
  layerCase('globalAveragePooling1d', [[2, 7, 3]], () => layers.globalAveragePooling1d()),
  layerCase('globalAveragePooling2d', [[2, 7, 6, 3]], () => layers.globalAveragePooling2d({})),
];

const normalization = [
  layerCase('batchNormalization of vectors', [[6, 5]], () => layers.batchNormalization()),
  layerCase('batchNormalization of sequences', [[3, 4, 5]], () => layers.batchNormalization()),
  layerCase('batchNormalization of images', [[2, 4, 3, 5]], () => layers.batchNormalization()),
  layerCase('layerNormalization of vectors', [[6, 5]], () => layers.layerNormalization()),
  layerCase('layerNormalization of sequences', [[3, 4, 5]], () => layers.layerNormalization()),
  layerCase('layerNormalization over two axes', [[3, 4, 5]], () => layers.layerNormalization({ axis: [1, 2] })),
];

const cells = { lstm: layers.lstm, gru: layers.gru, simpleRNN: layers.simpleRNN } as Record<
  string,
  (args: { units: number; [key: string]: unknown }) => tf.layers.RNN
>;

const recurrent = [
  ...Object.entries(cells).flatMap(([name, cell]) => [
    layerCase(name, [[3, 4, 5]], () => cell({ units: 6 })),
    layerCase(`${name} that returns sequences`, [[3, 4, 5]], () =>
      cell({ units: 6, returnSequences: true, recurrentActivation: 'sigmoid', goBackwards: true }),
    ),
    ...(['concat', 'sum', 'mul', 'ave'] as const).map((mergeMode) =>
      layerCase(`bidirectional ${name}, ${mergeMode}`, [[3, 4, 5]], () =>
        layers.bidirectional({ layer: cell({ units: 3, returnSequences: true }), mergeMode }),
      ),
    ),
  ]),
  layerCase('stackedRNNCells', [[3, 4, 5]], () =>
    layers.rnn({
      cell: [
        layers.lstmCell({ units: 3, recurrentActivation: 'sigmoid' }),
        layers.gruCell({ units: 4, recurrentActivation: 'sigmoid' }),
        layers.simpleRNNCell({ units: 2 }),
      ],
      returnSequences: true,
    }),
  ),
  layerCase('timeDistributed dense', [[3, 4, 5]], () => layers.timeDistributed({ layer: layers.dense({ units: 6 }) })),
  layerCase('timeDistributed conv2d', [[2, 3, 5, 5, 2]], () =>
    layers.timeDistributed({ layer: layers.conv2d({ filters: 3, kernelSize: 3 }) }),
  ),
  withCorners(
    layerCase('convLstm2d', [[2, 3, 5, 6, 2]], () => layers.convLstm2d({ filters: 3, kernelSize: 3, padding: 'same' })),
  ),
  layerCase('convLstm2d that returns sequences', [[2, 3, 5, 6, 2]], () =>
    layers.convLstm2d({ filters: 3, kernelSize: 3, returnSequences: true, recurrentActivation: 'sigmoid' }),
  ),
];

const elementwise = [
  layerCase('reLU', [[3, 4, 5]], () => layers.reLU()),
  withCorners(layerCase('reLU with a largest value', [[3, 4, 5]], () => layers.reLU({ maxValue: 0.5 }))),
  layerCase('prelu', [[3, 4, 5]], () => layers.prelu()),
  layerCase('prelu with shared axes', [[3, 4, 5]], () => layers.prelu({ sharedAxes: [1] })),
  layerCase('elu', [[3, 4, 5]], () => layers.elu()),
  layerCase('leakyReLU', [[3, 4, 5]], () => layers.leakyReLU()),
  layerCase('thresholdedReLU', [[3, 4, 5]], () => layers.thresholdedReLU({ theta: 0.3 })),
  layerCase('softmax', [[3, 4, 5]], () => layers.softmax({ axis: -1 })),
  layerCase('rescaling', [[3, 4, 5]], () => layers.rescaling({ scale: 0.5, offset: 2 })),
  layerCase('dropout of rate 0', [[3, 4, 5]], () => layers.dropout({ rate: 0 })),
  layerCase('dropout with a seed', [[3, 4, 5]], () => layers.dropout({ rate: 0.4, seed: 3 })),
  layerCase('spatialDropout1d with a seed', [[3, 4, 5]], () => layers.spatialDropout1d({ rate: 0.4, seed: 3 })),
  layerCase('alphaDropout of rate 0', [[3, 4, 5]], () => layers.alphaDropout({ rate: 0 })),
  layerCase('gaussianDropout of rate 0', [[3, 4, 5]], () => layers.gaussianDropout({ rate: 0 })),
  layerCase('gaussianNoise of deviation 0', [[3, 4, 5]], () => layers.gaussianNoise({ stddev: 0 })),
  layerCase('masking', [[3, 4, 5]], () => layers.masking({ maskValue: 0 })),
];

const two = [
  [3, 4, 5],
  [3, 4, 5],
];

const merging = [
  ...(['add', 'multiply', 'average', 'concatenate'] as const).map((name) =>
    layerCase(`${name} of three`, [...two, two[0]!], () => layers[name]()),
  ),
  ...(['maximum', 'minimum'] as const).map((name) =>
    withCorners(layerCase(`${name} of three`, [...two, two[0]!], () => layers[name]())),
  ),
  ...(['add', 'multiply', 'average'] as const).map((name) =>
    layerCase(
      `${name} with broadcast`,
      [
        [3, 4, 5],
        [3, 1, 5],
      ],
      () => layers[name](),
    ),
  ),
  layerCase(
    'concatenate along an inner axis',
    [
      [3, 4, 5],
      [3, 2, 5],
    ],
    () => layers.concatenate({ axis: 1 }),
  ),
  layerCase(
    'dot of vectors',
    [
      [3, 5],
      [3, 5],
    ],
    () => layers.dot({ axes: 1 }),
  ),
  layerCase(
    'dot of matrices',
    [
      [3, 4, 5],
      [3, 6, 5],
    ],
    () => layers.dot({ axes: 2 }),
  ),
  layerCase('dot, normalized', two, () => layers.dot({ axes: [1, 1], normalize: true })),
];

const embeddings = [
  layerCase('embedding', [[3, 4]], () => layers.embedding({ inputDim: 7, outputDim: 5 })),
  layerCase('embedding with a mask', [[3, 4]], () => layers.embedding({ inputDim: 7, outputDim: 5, maskZero: true })),
].map((each) => ({ ...each, categories: 7 }));

const resizing = [
  ...[
    layerCase('upSampling2d', [[2, 3, 4, 2]], () => layers.upSampling2d({})),
    layerCase('upSampling2d, 3 × 2', [[2, 3, 4, 2]], () => layers.upSampling2d({ size: [3, 2] })),
    layerCase('resizing, nearest', [[2, 3, 4, 2]], () =>
      layers.resizing({ height: 5, width: 7, interpolation: 'nearest' }),
    ),
  ].map((each) => ({ ...each, wrongOnCpu: 'all images get the gradient from wrong places but the first' })),
  ...[
    layerCase('upSampling2d, bilinear', [[2, 3, 4, 2]], () => layers.upSampling2d({ interpolation: 'bilinear' })),
    layerCase('resizing, bilinear', [[2, 3, 4, 2]], () =>
      layers.resizing({ height: 5, width: 3, interpolation: 'bilinear' }),
    ),
  ].map((each) => ({ ...each, wrongOnCpu: 'height and width of the gradient are exchanged, which throws' })),
];

const layout = [
  layerCase('zeroPadding2d', [[2, 3, 4, 2]], () =>
    layers.zeroPadding2d({
      padding: [
        [1, 2],
        [0, 3],
      ],
    }),
  ),
  layerCase('cropping2D', [[2, 5, 6, 2]], () =>
    layers.cropping2D({
      cropping: [
        [1, 2],
        [0, 3],
      ],
    }),
  ),
  layerCase('reshape', [[3, 4, 5]], () => layers.reshape({ targetShape: [2, -1] })),
  layerCase('permute', [[3, 4, 5]], () => layers.permute({ dims: [2, 1] })),
  layerCase('repeatVector', [[3, 5]], () => layers.repeatVector({ n: 4 })),
  layerCase('flatten', [[3, 4, 5]], () => layers.flatten()),
  layerCase('flatten channels first', [[3, 4, 5]], () => layers.flatten({ dataFormat: 'channelsFirst' })),
];

/**
 * The layers of `tf.layers` that TensorFlow.js can train with the gradients that this package adds. It refuses conv1d with causal padding, conv2d that is
 * dilated but for relu and elu, conv3d that is dilated, softmax and batchNormalization over an inner axis, batchNormalization
 * without scale, maximum and minimum with broadcast, and has no gradient of centerCrop and randomWidth for their inputs.
 */
export const layerCases: LayerCase[] = [
  ...dense,
  ...convolutions,
  ...pooling,
  ...normalization,
  ...recurrent,
  ...elementwise,
  ...merging,
  ...embeddings,
  ...resizing,
  ...layout,
];
