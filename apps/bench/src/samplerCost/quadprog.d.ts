/** The part that is used here. Arrays begin at 1, as in Fortran. */
declare module 'quadprog' {
  interface Solution {
    solution: number[];
    message: string;
  }
  /** Minimises ½ xᵀDx − dᵀx subject to Aᵀx ≥ b, the first `meq` constraints being equalities. */
  function solveQP(Dmat: number[][], dvec: number[], Amat: number[][], bvec: number[], meq: number): Solution;
  const quadprog: { solveQP: typeof solveQP };
  export default quadprog;
}
