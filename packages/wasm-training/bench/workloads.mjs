/**
 * The networks that are trained: `createModel.mjs` builds them, `torchTrainer.py` their twins.
 *
 * @type {Record<string, { title: string, batchSize: number }>}
 */
export const workloads = {
  mlp: { title: 'MLP 784-256-256-10', batchSize: 64 },
  lstm: { title: 'LSTM 28×28, 128 units', batchSize: 64 },
  siren: { title: 'SIREN 5×256, points', batchSize: 4096 },
  vit: { title: 'ViT 2 blocks, width 192, 64 tokens', batchSize: 16 },
  resnet: { title: 'ResNet of two blocks, 32×32×3', batchSize: 64 },
  pointnet: { title: 'PointNet, 1,024 points', batchSize: 64 },
};
