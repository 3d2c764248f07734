import { lowWeights } from '@gradis/samplers';
import loadHighs, { type Highs } from 'highs';
import quadprog from 'quadprog';
import type { LineProcess } from '../processes/LineProcess.js';
import { median } from '../timing/median.js';
import { scoreOf } from './scoreOf.js';

/** Time of a way to solve for LOW weights. */
export interface LowTiming {
  name: string;
  milliseconds: number;
  ratioToFirst: number;
}

/** A solver of `λ‖w‖² − Σ gᵢ² wᵢ → min, w ≥ 0, Σ w = n`; gives weights and the milliseconds of the solver alone. */
interface Solver {
  name: string;
  solve(squares: Float64Array, lambda: number): Promise<{ weights: ArrayLike<number>; milliseconds: number }>;
}

/** The largest difference between two solutions that are taken for the same. */
const TOLERANCE = 1e-4;

/**
 * Times `lowWeights` beside general solvers of quadratic programs, in turns, after each has found the same weights.
 *
 * @param python with cvxopt, or undefined
 * @throws Error that names the solver whose weights differ by more than 1e-4
 */
export async function measureLow(size: number, rounds: number, python?: LineProcess): Promise<LowTiming[]> {
  const scores = Float64Array.from({ length: size }, (_, index) => Math.min(Math.SQRT2, scoreOf(index) / 4));
  const squares = scores.map((score) => score * score);
  const lambda = 0.1;
  const solvers = [sortSolver(scores), highsSolver(await loadHighs()), goldfarbIdnani];
  if (python) solvers.push(cvxoptSolver(python));

  const expected = lowWeights(scores, { lambda });
  for (const { name, solve } of solvers) {
    const { weights } = await solve(squares, lambda);
    const error = expected.reduce((most, weight, i) => Math.max(most, Math.abs(weight - weights[i])), 0);
    if (!(error <= TOLERANCE)) throw new Error(`${name} gives weights that differ by ${error} from those of LOW.`);
  }
  const times = solvers.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    for (const [k, { solve }] of solvers.entries()) times[k].push((await solve(squares, lambda)).milliseconds);
  }
  return solvers.map(({ name }, k) => ({
    name,
    milliseconds: median(times[k]),
    ratioToFirst: median(times[k].map((milliseconds, round) => milliseconds / times[0][round])),
  }));
}

/** Ours: one sort. A thousand calls, as one is too short for the clock. */
function sortSolver(scores: Float64Array): Solver {
  return {
    name: 'lowWeights (@gradis/samplers): one sort',
    solve: async (_, lambda) => {
      let weights = lowWeights(scores, { lambda });
      const start = performance.now();
      for (let call = 0; call < 1000; call++) weights = lowWeights(scores, { lambda });
      return { weights, milliseconds: (performance.now() - start) / 1000 };
    },
  };
}

function highsSolver(highs: Highs): Solver {
  return {
    name: 'highs (npm, C++ as WebAssembly): primal active set',
    solve: async (squares, lambda) => {
      const n = squares.length;
      const filled = (value: number) => new Float64Array(n).fill(value);
      const columns = Int32Array.from(squares, (_, index) => index);
      const model = highs.createModel({
        numCols: n,
        numRows: 1,
        colCost: squares.map((square) => -square),
        colLower: filled(0),
        colUpper: filled(Number.POSITIVE_INFINITY),
        rowLower: [n],
        rowUpper: [n],
        matrix: { format: 'csr', numRows: 1, numCols: n, starts: [0, n], indices: columns, values: filled(1) },
        hessian: {
          format: 'triangular',
          dimension: n,
          starts: Int32Array.from({ length: n + 1 }, (_, index) => index),
          indices: columns,
          values: filled(2 * lambda),
        },
      });
      model.options.set('output_flag', false);
      const start = performance.now();
      model.run();
      const milliseconds = performance.now() - start;
      const weights = model.getSolution().colValue;
      model.dispose();
      return { weights, milliseconds };
    },
  };
}

const goldfarbIdnani: Solver = {
  name: 'quadprog (npm, JavaScript): dual active set of Goldfarb and Idnani',
  solve: async (squares, lambda) => {
    const n = squares.length;
    const places = Array.from({ length: n }, (_, index) => index);
    const from1 = <T>(values: readonly T[]): T[] => [undefined as T, ...values];
    const hessian = from1(places.map((row) => from1(places.map((column) => (row === column ? 2 * lambda : 0)))));
    const constraints = from1(places.map((row) => from1([1, ...places.map((column) => (row === column ? 1 : 0))])));
    const bounds = from1([n, ...places.map(() => 0)]);
    const linear = from1(Array.from(squares));
    const start = performance.now();
    const { solution } = quadprog.solveQP(hessian, linear, constraints, bounds, 1);
    return { weights: solution.slice(1), milliseconds: performance.now() - start };
  },
};

function cvxoptSolver(python: LineProcess): Solver {
  return {
    name: 'cvxopt (Python): interior point',
    solve: (squares, lambda) => python.ask({ kind: 'low', squares: Array.from(squares), lambda }),
  };
}
