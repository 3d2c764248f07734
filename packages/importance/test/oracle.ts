/** The scores in float64, written from their formulas with plain loops. */

export function softmaxScores(logits: number[][], labels: number[][], norm: 'l1' | 'l2'): number[] {
  return logits.map((z, i) => {
    const top = Math.max(...z);
    const exponentials = z.map((v) => Math.exp(v - top));
    const partition = sum(exponentials);
    const labelMass = sum(labels[i]);
    const residuals = exponentials.map((e, j) => (e / partition) * labelMass - labels[i][j]);
    return norm === 'l1' ? sum(residuals.map(Math.abs)) : Math.sqrt(sum(residuals.map((r) => r * r)));
  });
}

export function sigmoidScores(logits: number[][], labels: number[][]): number[] {
  return logits.map((z, i) => Math.hypot(...z.map((v, j) => 1 / (1 + Math.exp(-v)) - labels[i][j])));
}

export function squaredErrorScores(outputs: number[][], targets: number[][]): number[] {
  return outputs.map((z, i) => Math.hypot(...z.map((v, j) => (2 * (v - targets[i][j])) / z.length)));
}

function sum(values: number[]): number {
  return values.reduce((total, v) => total + v, 0);
}
