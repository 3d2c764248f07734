/** Pairs of shapes that broadcast: equal ones, scalars, rows, columns, axes between, sizes around those of vectors, empty ones. */
export const SHAPES: [a: number[], b: number[]][] = [
  [[], []],
  [[1], []],
  ...[1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 33].map((size): [number[], number[]] => [[size], [size]]),
  [[33], []],
  [[], [2, 9]],
  [[4], [1, 1]],
  [[5, 17], [17]],
  [
    [1, 17],
    [5, 17],
  ],
  [
    [5, 17],
    [5, 1],
  ],
  [
    [9, 1],
    [1, 6],
  ],
  [
    [2, 3, 5, 7],
    [3, 1, 7],
  ],
  [
    [2, 3, 4],
    [2, 1, 1],
  ],
  [
    [2, 1, 3, 1, 5],
    [1, 4, 1, 6, 5],
  ],
  [
    [2, 3, 2, 3, 4],
    [2, 1, 2, 1, 4],
  ],
  [[0], [0]],
  [[0, 3], [3]],
  [[1], [3, 0, 2]],
];

/** The shape of the result: along each axis the size that is not 1, if one is. */
export function broadcastShape(a: number[], b: number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const [as, bs] = [a, b].map((shape) => [...new Array<number>(rank - shape.length).fill(1), ...shape]);
  return as!.map((size, axis) => (size === 1 ? bs![axis]! : size));
}

/** The numbers of a tensor again and again, as many as the shape it is broadcast to has. */
export function broadcast(values: number[], from: number[], to: number[]): number[] {
  const padded = [...new Array<number>(to.length - from.length).fill(1), ...from];
  return Array.from({ length: to.reduce((product, size) => product * size, 1) }, (_, index) => {
    let place = 0;
    let stride = 1;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      if (padded[axis] !== 1) place += (index % to[axis]!) * stride;
      stride *= padded[axis]!;
      index = Math.floor(index / to[axis]!);
    }
    return values[place]!;
  });
}
