import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileCommand } from '../src/native/compileCommand.js';

describe('the command of the compiler', () => {
  const compilation = {
    compiler: ['c++'],
    packageName: '@tensorflow/tfjs-node',
    staging: '/cache/native/.partial',
    tensorflow: { now: '/cache/native/.partial/python/tensorflow', later: '/cache/native/key/python/tensorflow' },
    isCudaBuild: false,
    platform: 'linux',
  } as const;
  const paths = (command: string[]) =>
    command.filter((_, i) => command[i - 3] === '-Xlinker' && command[i - 2] === '-rpath');

  it('lets the addon find a TensorFlow that moves with it, also from a copy elsewhere', () => {
    const [relative, absolute] = paths(compileCommand(compilation));
    expect(relative).toMatch(/^\$ORIGIN\//);
    const from = join('/cache/native/key/node_modules/@tensorflow/tfjs-node/lib/napi-v8');
    expect(join(from, relative!.slice('$ORIGIN/'.length))).toBe(absolute);
    expect(absolute).toBe('/cache/native/key/python/tensorflow');
    const tensorflow = { now: '/usr/tensorflow', later: '/usr/tensorflow' };
    expect(paths(compileCommand({ ...compilation, tensorflow }))).toEqual(['/usr/tensorflow']);
  });

  it('names libraries and flags as the platform does', () => {
    const linux = compileCommand(compilation).join(' ');
    expect(linux).toMatch(/ -shared .*libtensorflow_cc\.so\.2 \S*libtensorflow_framework\.so\.2 /);
    const mac = compileCommand({ ...compilation, platform: 'darwin' }).join(' ');
    expect(mac).toMatch(
      / -undefined dynamic_lookup .*libtensorflow_cc\.2\.dylib \S*libtensorflow_framework\.2\.dylib /,
    );
    expect(mac).toContain('@loader_path/');
    expect(mac).not.toContain('$ORIGIN');
  });
});
