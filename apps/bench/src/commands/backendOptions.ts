import { BACKENDS } from '@gradis/backends';
import { Option } from 'commander';
import { integerFrom } from './parsers.js';

/** The flags of every command that trains, for where it trains; the values are a `BackendRequest`. */
export function backendOptions(): Option[] {
  return [
    new Option(
      '--backend <name>',
      'where to train (default: auto, the best that runs here; see gradis doctor)',
    ).choices(['auto', ...BACKENDS]),
    new Option(
      '--threads <count>',
      'threads of one operation at most (default: of the experiment, or of the backend)',
    ).argParser(integerFrom(1)),
  ];
}
