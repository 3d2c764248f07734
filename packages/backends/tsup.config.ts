import { library } from '@gradis/tooling/tsup';

export default library({ shims: true, entry: ['src/index.ts', 'src/browser.ts'] });
