/** Node 0 is no node: nothing lies below it, and its right link leads to the root. */
const NONE = 0;
const ROOT = 1;

/**
 * Values in descending order, ties by index: the item at any rank, and the change of a value, both in O(log N).
 *
 * A treap: a search tree by value that is at the same time a heap by fixed pseudo-random numbers, one for each item,
 * which keep it balanced. Its shape depends on the present values alone, so that the values are all there is to save.
 * Takes 20 bytes an item.
 */
export class RankOrder {
  /** Value of each item, ≥ 0 or ∞; to be changed by `set` and `fill` only. Shape [N]. */
  readonly values: Float64Array;
  /** Node n is item n − 1; its links 2n and 2n + 1 lead to those before it and behind it. */
  readonly #links: Int32Array;
  /** Nodes of the subtree below each node, itself included. */
  readonly #counts: Int32Array;

  /** @param size Number of items N ≥ 1; all have the value ∞ at first. */
  constructor(size: number) {
    this.values = new Float64Array(size);
    this.#links = new Int32Array(2 * (size + 1));
    this.#counts = new Int32Array(size + 1);
    this.fill(new Float64Array(size).fill(Number.POSITIVE_INFINITY));
  }

  /** The item at a rank in [0, N); rank 0 has the largest value. */
  at(rank: number): number {
    const links = this.#links;
    const counts = this.#counts;
    let node = links[ROOT];
    let rest = rank;
    for (;;) {
      const before = counts[links[2 * node]];
      if (rest === before) return node - 1;
      if (rest < before) {
        node = links[2 * node];
      } else {
        node = links[2 * node + 1];
        rest -= before + 1;
      }
    }
  }

  /** All items in the order of their ranks, in O(N). Shape [N]. */
  items(): Int32Array {
    const items = new Int32Array(this.values.length);
    let rank = 0;
    const visit = (node: number): void => {
      if (node === NONE) return;
      visit(this.#links[2 * node]);
      items[rank++] = node - 1;
      visit(this.#links[2 * node + 1]);
    };
    visit(this.#links[ROOT]);
    return items;
  }

  /** Sets the value of one item. */
  set(item: number, value: number): void {
    this.#remove(item + 1);
    this.values[item] = value;
    this.#insert(item + 1, ROOT);
  }

  /** Sets all values: a sort, and then O(N). */
  fill(values: ArrayLike<number>): void {
    this.values.set(values);
    const items = Int32Array.from(this.values, (_, item) => item);
    // ∞ − ∞ is NaN, and no difference either.
    items.sort((a, b) => this.values[b] - this.values[a] || a - b);
    this.#build(items);
  }

  /** Makes the tree of items in the order of their ranks: each goes behind the one before, below a greater heap key. */
  #build(items: Int32Array): void {
    const links = this.#links;
    const counts = this.#counts;
    links.fill(NONE);
    const path = new Int32Array(items.length + 1); // from the root to the last item, each behind the one above it
    let depth = 0;
    const leave = (): number => {
      const node = path[depth--];
      counts[node] = 1 + counts[links[2 * node]] + counts[links[2 * node + 1]];
      return node;
    };
    for (const item of items) {
      const node = item + 1;
      while (depth > 0 && heapKey(path[depth]) < heapKey(node)) links[2 * node] = leave();
      links[2 * path[depth] + 1] = node;
      path[++depth] = node;
    }
    while (depth > 0) leave();
  }

  /** Puts a node below a link, and lifts it to where the heap wants it. */
  #insert(node: number, link: number): void {
    const links = this.#links;
    const counts = this.#counts;
    const top = links[link];
    if (top === NONE) {
      links[link] = node;
      links[2 * node] = NONE;
      links[2 * node + 1] = NONE;
      counts[node] = 1;
      return;
    }
    const side = this.#linkTowards(node, top);
    this.#insert(node, side);
    counts[top]++;
    const child = links[side];
    if (heapKey(child) <= heapKey(top)) return;
    const inner = 2 * child + 1 - (side & 1); // leads to those between the two
    links[side] = links[inner];
    links[inner] = top;
    links[link] = child;
    counts[child] = counts[top];
    counts[top] = 1 + counts[links[2 * top]] + counts[links[2 * top + 1]];
  }

  /** Takes a node out, and merges the two subtrees below it. */
  #remove(node: number): void {
    const links = this.#links;
    const counts = this.#counts;
    let link = ROOT;
    while (links[link] !== node) {
      const top = links[link];
      counts[top]--;
      link = this.#linkTowards(node, top);
    }
    let before = links[2 * node];
    let behind = links[2 * node + 1];
    while (before !== NONE && behind !== NONE) {
      if (heapKey(before) > heapKey(behind)) {
        counts[before] += counts[behind];
        links[link] = before;
        link = 2 * before + 1;
        before = links[link];
      } else {
        counts[behind] += counts[before];
        links[link] = behind;
        link = 2 * behind;
        behind = links[link];
      }
    }
    links[link] = before === NONE ? behind : before;
  }

  /** The link of `top` on whose side `node` belongs. */
  #linkTowards(node: number, top: number): number {
    const value = this.values[node - 1];
    const other = this.values[top - 1];
    const first = value > other || (value === other && node < top);
    return first ? 2 * top : 2 * top + 1;
  }
}

/** A 32-bit number that looks random, another one for each node: the finaliser of MurmurHash3. */
function heapKey(node: number): number {
  let key = Math.imul(node ^ (node >>> 16), 0x85ebca6b);
  key = Math.imul(key ^ (key >>> 13), 0xc2b2ae35);
  return key ^ (key >>> 16);
}
