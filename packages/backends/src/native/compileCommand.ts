import { dirname, join, relative } from 'node:path';
import { CUDA_LIBRARIES_FILE } from './cudaLibraries.js';
import { addonOf, NAPI_VERSION, type NativePackage, packageFolderOf } from './nativePackage.js';
import { libraryNames } from './TensorflowLibrary.js';

/** What is compiled, with what, for where. */
export interface Compilation {
  /** Start of the command line. */
  compiler: readonly string[];
  packageName: NativePackage;
  /** Where the installation is made. */
  staging: string;
  /** Where TensorFlow is while it is made, and where it will be. The two differ if it is fetched for it. */
  tensorflow: { now: string; later: string };
  /** Whether TensorFlow has to find the libraries of CUDA, too. */
  isCudaBuild: boolean;
  platform: NodeJS.Platform;
}

/**
 * The command that compiles the addon from the package's own source.
 *
 * The addon finds TensorFlow by paths written into it: from its own place if TensorFlow lies in the same installation,
 * which then works before and after it is moved; and by the absolute one, which also works for a copy of the addon in a
 * project.
 */
export function compileCommand(compilation: Compilation): string[] {
  const { compiler, packageName, staging, tensorflow, isCudaBuild, platform } = compilation;
  const source = packageFolderOf({ folder: staging, packageName });
  const addon = addonOf(source);
  const isMac = platform === 'darwin';
  const here = isMac ? '@loader_path' : '$ORIGIN';
  const isMoved = tensorflow.now !== tensorflow.later;
  const paths = [...(isMoved ? [`${here}/${relative(dirname(addon), tensorflow.now)}`] : []), tensorflow.later];
  return [
    ...compiler,
    ...['-O2', '-std=c++17', '-fPIC', '-w'],
    // A Node addon leaves the symbols of N-API to the Node that loads it.
    ...(isMac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']),
    ...[`-DNAPI_VERSION=${NAPI_VERSION}`, '-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION'],
    ...['-I', join(staging, 'node_modules', 'node-api-headers', 'include')],
    ...['-I', join(tensorflow.now, 'include'), '-I', source],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(source, 'binding', file)),
    ...(isCudaBuild ? [join(staging, CUDA_LIBRARIES_FILE)] : []),
    ...libraryNames(platform).map((name) => join(tensorflow.now, name)),
    ...paths.flatMap((path) => ['-Xlinker', '-rpath', '-Xlinker', path]),
    ...(isCudaBuild ? ['-ldl'] : []),
    ...['-o', addon],
  ];
}
