import { program } from '@gradis/tooling/tsup';

export default program({
  entry: [
    'src/cli.ts',
    'src/benchBackends.ts',
    'src/backendCost/backendWorker.ts',
    'src/benchMethods.ts',
    'src/benchSamplers.ts',
  ],
  // What benchSamplers measures itself against; it is not published.
  external: ['@keystonehq/alias-sampling', '@stdlib/random-sample', 'highs', 'quadprog'],
});
