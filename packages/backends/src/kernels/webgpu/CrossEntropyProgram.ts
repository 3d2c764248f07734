import type { WebGPUProgram, webgpu_util } from '@tensorflow/tfjs-backend-webgpu';

/** What a `CrossEntropyProgram` computes. */
export type CrossEntropyOutput = 'losses' | 'gradient';

/** WGSL that writes the result of a row, given its `label` and `classes`, the largest logit and Σ exp(z − largest). */
const WRITE: Record<CrossEntropyOutput, string> = {
  losses: `
    if (label >= 0 && label < classes) {
      setOutputAtIndex(row, log(total) - (getLogits(row, label) - largest));
    } else {
      setOutputAtIndex(row, 0.0);
    }
  `,
  gradient: `
    for (var j = 0; j < classes; j++) {
      let expected = exp(getLogits(row, j) - largest) / total;
      setOutputAtIndex(row * classes + j, expected - select(0.0, 1.0, j == label));
    }
  `,
};

/** Losses [B] or gradient [B, C] of softmax cross-entropy; one thread does a row. */
export class CrossEntropyProgram implements WebGPUProgram {
  readonly variableNames = ['logits', 'labels'];
  readonly uniforms = 'rows : i32, classes : i32,';
  readonly workgroupSize: [number, number, number] = [64, 1, 1];
  readonly outputShape: number[];
  readonly dispatchLayout = { x: [0] };
  readonly dispatch: [number, number, number];
  readonly shaderKey: string;

  constructor(
    { computeDispatch }: typeof webgpu_util,
    private readonly output: CrossEntropyOutput,
    batch: number,
    classes: number,
  ) {
    this.outputShape = output === 'losses' ? [batch] : [batch, classes];
    this.dispatch = computeDispatch(this.dispatchLayout, [batch], this.workgroupSize);
    this.shaderKey = `gradis_crossEntropy_${output}`;
  }

  getUserCode(): string {
    return `
      fn main(row : i32) {
        if (row >= uniforms.rows) {
          return;
        }
        let classes = uniforms.classes;
        let label = i32(getLabels(row));
        var largest = getLogits(row, 0);
        for (var j = 1; j < classes; j++) {
          largest = max(largest, getLogits(row, j));
        }
        var total = 0.0;
        for (var j = 0; j < classes; j++) {
          total += exp(getLogits(row, j) - largest);
        }
        ${WRITE[this.output]}
      }
    `;
  }
}
