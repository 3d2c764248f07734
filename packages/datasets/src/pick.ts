import type { RandomGenerator } from '@gradis/samplers';

/** `count` of `candidates`, chosen uniformly without replacement, in ascending order. Shuffles `candidates`. */
export function pick(candidates: Int32Array, count: number, random: RandomGenerator): Int32Array {
  random.shuffle(candidates);
  return candidates.slice(0, count).sort();
}

/** `counts[c]` samples of each class c, chosen uniformly without replacement; all of them in ascending order. */
export function pickPerClass(
  labels: ArrayLike<number>,
  counts: ArrayLike<number>,
  random: RandomGenerator,
): Int32Array {
  const members = Array.from(counts, (): number[] => []);
  for (let i = 0; i < labels.length; i++) members[labels[i]!]!.push(i);
  const picked = members.map((indices, c) => pick(Int32Array.from(indices), counts[c]!, random));
  return Int32Array.from(picked.flatMap((indices) => [...indices])).sort();
}

/** The indices of N samples. [0, 1, …, N − 1] */
export function range(size: number): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => i);
}
