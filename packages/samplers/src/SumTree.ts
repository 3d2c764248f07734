import { requireInteger, requireLength, requireNumber, requireState, savedLength } from './checks.js';

/** Saved state of a `SumTree`. */
export interface SumTreeState {
  readonly kind: 'SumTree';
  readonly version: 1;
  /** Value of each item. Shape [N]. */
  readonly values: Float64Array;
}

const KIND = 'SumTree';

/**
 * Non-negative values with their sum, and the item at any point of their running sum, all in O(log N).
 *
 * Sums are Float64, and every node is computed from its two children, never by adding differences: the sums do not
 * drift, and depend on the present values alone.
 *
 * @example
 * ```ts
 * import { SumTree } from '@gradis/samplers';
 *
 * const tree = new SumTree(3);
 * tree.fill([1, 0, 3]);
 * console.log(tree.total, tree.find(0.5), tree.find(1)); // → 4 0 2
 * ```
 */
export class SumTree {
  /** Number of items N. */
  readonly size: number;
  /** Leaves below the root: the smallest power of two ≥ N. Those past N stay zero. */
  readonly #capacity: number;
  /** Node k has the children 2k and 2k + 1; the root is 1, item i is node capacity + i. */
  readonly #nodes: Float64Array;
  /** Above it a sum of N values could overflow. */
  readonly #largest: number;

  /** @param size Number of items N, all 0 at first. Integer in [1, 2³¹ − 1]. */
  constructor(size: number) {
    requireInteger('size', size, 1);
    this.size = size;
    this.#capacity = 2 ** (32 - Math.clz32(size - 1));
    this.#nodes = new Float64Array(2 * this.#capacity);
    this.#largest = Number.MAX_VALUE / (2 * this.#capacity);
  }

  /** Sum of all values. */
  get total(): number {
    return this.#nodes[1];
  }

  /** Value of one item. Throws a RangeError if there is no such item. */
  get(index: number): number {
    this.#requireIndex(index);
    return this.#nodes[this.#capacity + index];
  }

  /**
   * Sets the value of one item, in O(log N).
   *
   * @param index Integer in [0, N).
   * @param value Finite, ≥ 0, and small enough that N such values have a finite sum.
   * @throws RangeError on any other index or value.
   */
  set(index: number, value: number): void {
    this.#requireIndex(index);
    requireNumber('value', value, 0, this.#largest);
    const nodes = this.#nodes;
    let node = this.#capacity + index;
    nodes[node] = value;
    while (node > 1) {
      node >>>= 1;
      nodes[node] = nodes[2 * node] + nodes[2 * node + 1];
    }
  }

  /**
   * Sets all values, in O(N).
   *
   * @param values As in `set`. Shape [N].
   * @throws RangeError on a wrong length or value; no value is changed then.
   */
  fill(values: ArrayLike<number>): void {
    requireLength('values', values, this.size);
    for (let i = 0; i < values.length; i++) {
      if (!(values[i] >= 0 && values[i] <= this.#largest)) {
        throw new RangeError(`values[${i}] is ${values[i]}; values must be ≥ 0 and at most ${this.#largest}.`);
      }
    }
    this.#nodes.set(values, this.#capacity);
    this.#sumUp();
  }

  /** Adds the same amount ≥ 0 to every value, in O(N). */
  addToAll(epsilon: number): void {
    requireNumber('epsilon', epsilon, 0, this.#largest);
    const { size } = this;
    const nodes = this.#nodes;
    const capacity = this.#capacity;
    for (let node = capacity; node < capacity + size; node++) nodes[node] += epsilon;
    this.#sumUp();
  }

  /**
   * The item that covers `target` when the items lie end to end, item i with mass `value[i] + addend`.
   *
   * `find(u · (total + N · addend), addend)` with u uniform in [0, 1) draws item i with probability
   * `(value[i] + addend) / (total + N · addend)`. An item without mass is never returned, whatever the rounding; a
   * target at or past the end gives the last item that has mass.
   *
   * @param target Position ≥ 0.
   * @param addend Constant mass ≥ 0 of every item besides its value. Default 0.
   * @returns Index of the item.
   * @throws RangeError if no item has mass.
   */
  find(target: number, addend = 0): number {
    requireNumber('target', target, 0);
    requireNumber('addend', addend, 0);
    const nodes = this.#nodes;
    const capacity = this.#capacity;
    if (nodes[1] === 0 && addend === 0) throw new RangeError('total is 0; set a value above 0 before find.');
    let rest = target;
    let node = 1;
    let count = this.size; // items below the node
    for (let half = capacity >>> 1; half > 0; half >>>= 1) {
      const leftCount = Math.min(half, count);
      const rightCount = count - leftCount;
      const leftMass = nodes[2 * node] + addend * leftCount;
      const rightMass = nodes[2 * node + 1] + addend * rightCount;
      if (rest < leftMass || rightMass === 0) {
        node = 2 * node;
        count = leftCount;
      } else {
        node = 2 * node + 1;
        count = rightCount;
        rest -= leftMass;
      }
    }
    return node - capacity;
  }

  /** A copy of all values. Shape [N]. */
  values(): Float64Array {
    return this.#nodes.slice(this.#capacity, this.#capacity + this.size);
  }

  /** A copy of the values; the sums follow from them. */
  getState(): SumTreeState {
    return { kind: KIND, version: 1, values: this.values() };
  }

  /**
   * A tree with the saved values, and so with identical sums.
   *
   * @throws TypeError on the state of something else or of another version; RangeError on a damaged one.
   */
  static fromState(state: SumTreeState): SumTree {
    requireState(state, KIND);
    const tree = new SumTree(savedLength('state.values', state.values));
    tree.fill(state.values);
    return tree;
  }

  #sumUp(): void {
    const nodes = this.#nodes;
    for (let node = this.#capacity - 1; node >= 1; node--) nodes[node] = nodes[2 * node] + nodes[2 * node + 1];
  }

  #requireIndex(index: number): void {
    requireInteger('index', index, 0, this.size - 1);
  }
}
