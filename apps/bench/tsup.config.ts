import { program } from '@gradis/tooling/tsup';

export default program({ entry: ['src/cli.ts', 'src/benchMethods.ts'] });
