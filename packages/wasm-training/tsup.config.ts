import { library } from '@gradis/tooling/tsup';

export default library();
