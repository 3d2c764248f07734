import { Command } from 'commander';
import { installNativeTensorflow, listNativeTensorflow, type NativeFlags, removeNativeTensorflow } from './native.js';

const EXAMPLES = `
Examples:
  gradis native install                          TensorFlow of the active Python, or one fetched from its index
  gradis native install --gpu                    for NVIDIA GPUs: fetches TensorFlow with CUDA, some GB
  gradis native install --tensorflow <folder>    a TensorFlow that is there: the folder of a Python wheel
  gradis native install --dry-run                only say what would be done; with --commands, how

Then: gradis bench mnist --backend node`;

/** The command `native` with its subcommands. Each gives its exit code to `onExit`. */
export function nativeCommand(onExit: (code: number) => void): Command {
  const command = new Command('native').description('native TensorFlow for TensorFlow.js: install, list, remove');
  command
    .command('install')
    .description('compile the addon of @tensorflow/tfjs-node for a current TensorFlow and this Node, and check it')
    .option('--gpu', 'for NVIDIA GPUs: @tensorflow/tfjs-node-gpu')
    .option('--tensorflow <folder>', 'folder "tensorflow" of a Python wheel (default: look for one, or fetch one)')
    .option('--python <exe>', 'Python whose TensorFlow to take, or to fetch one with (default: python3)')
    .option('--no-link', 'leave @tensorflow/tfjs-node of this project as it is, if it is installed without its addon')
    .option('--force', 'make it anew if it is installed already')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--commands', 'with --dry-run: the commands, too')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: NativeFlags) => onExit(await installNativeTensorflow(flags)));
  command
    .command('list')
    .description('list what is installed')
    .action(async () => void process.stdout.write(await listNativeTensorflow()));
  command
    .command('remove')
    .description('remove everything that gradis native install has made')
    .action(async () => void process.stdout.write(await removeNativeTensorflow()));
  return command;
}
