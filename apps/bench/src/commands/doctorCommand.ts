import { BACKENDS, type BackendName } from '@gradis/backends';
import { Command, Option } from 'commander';
import { doctor } from './doctor.js';
import { integerFrom } from './parsers.js';

/** The command `doctor`. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('say which backends run here, how fast, which one --backend auto takes, and what the others lack')
    .addOption(new Option('--only <backend>', 'look at this one alone; prints JSON').choices([...BACKENDS]))
    .addOption(new Option('--threads <count>', 'threads of one operation at most').argParser(integerFrom(1)))
    .option('--json', 'print everything as JSON')
    .action(async (flags: { only?: BackendName; threads?: number; json?: boolean }) => {
      process.stdout.write(await doctor({ json: false, ...flags }));
    });
}
