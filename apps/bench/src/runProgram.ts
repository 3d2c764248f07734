import { Command } from 'commander';
import { bench } from './commands/bench.js';
import { benchCommand, HELP_HINT } from './commands/benchCommand.js';
import { doctorCommand } from './commands/doctorCommand.js';
import { list } from './commands/list.js';
import { nativeCommand } from './commands/nativeCommand.js';
import { report } from './commands/report.js';
import type { PresetName } from './experiments/Experiment.js';
import { experiments } from './experiments/index.js';
import { appVersion } from './run/environment.js';
import type { Settings } from './run/Settings.js';
import type { BackendRequest } from './run/startBackend.js';

/** Flags of `gradis bench` as they are parsed. */
interface ParsedFlags extends Partial<Omit<Settings, 'budgetSeconds' | 'learningRate'>>, BackendRequest {
  preset?: PresetName;
  budget?: number;
  lr?: number;
  out?: string;
  resume?: boolean;
  json?: boolean;
}

/** Runs the command line and gives the exit code. */
export async function runProgram(argv: readonly string[] = process.argv): Promise<number> {
  let exitCode = 0;
  const program = new Command('gradis')
    .description('Compares importance-sampling methods for SGD honestly: at equal epochs and at equal time.')
    .version(appVersion())
    .showHelpAfterError(HELP_HINT);

  program.addCommand(
    benchCommand().action(async (name: string, flags: ParsedFlags) => {
      const experiment = Object.hasOwn(experiments, name) ? experiments[name] : undefined;
      if (!experiment) {
        throw new Error(`there is no experiment "${name}"; choose one of ${Object.keys(experiments).join(', ')}.`);
      }
      const { preset, out, resume = false, json = false, budget, lr, backend, threads, ...others } = flags;
      const given: Partial<Settings> = { ...others };
      if (budget !== undefined) given.budgetSeconds = budget;
      if (lr !== undefined) given.learningRate = lr;
      exitCode = await bench(experiment, { preset, given, out, resume, json, device: { backend, threads } });
    }),
  );

  program
    .command('list')
    .description('list the experiments and the methods')
    .action(() => void process.stdout.write(list()));

  program
    .command('report')
    .description('print the results of a folder again and write its report.html anew')
    .argument('<folder>', 'folder that gradis bench has written')
    .option('--json', 'print the runs as JSON in place of the summary')
    .action(async (folder: string, { json = false }: { json?: boolean }) => {
      process.stdout.write(await report(folder, { json }));
    });

  program.addCommand(doctorCommand());
  program.addCommand(
    nativeCommand((code) => {
      exitCode = code;
    }),
  );

  await program.parseAsync(argv);
  return exitCode;
}
