import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type CodeBlock, docblockBlocks, markdownBlocks } from './codeBlocks.js';
import { exportedNames } from './exportedNames.js';
import { runExample } from './runExample.js';

const longestFirstExample = 7;

/**
 * Registers the tests that every package shares: its export list is the one on record, its README begins with a short
 * example, and every ```ts block of the README and of the docblocks runs and prints what its `// → text` comments say.
 *
 * @param importMetaUrl `import.meta.url` of a test file in `<package>/test`
 */
export function testPackage(importMetaUrl: string): void {
  const folder = fileURLToPath(new URL('..', importMetaUrl));
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const readme = markdownBlocks(read('README.md'));

  test('exports the names on record', () => {
    expect(exportedNames(read('src/index.ts'))).toMatchSnapshot();
  });

  test('README.md begins with a short example', () => {
    const [first] = readme;
    if (first?.language !== 'ts') throw new Error('README.md: the first code block must be a ```ts example.');
    const { length } = first.code.filter((line) => line.trim() !== '');
    if (length > longestFirstExample) {
      throw new Error(
        `README.md:${first.line}: the first example has ${length} lines, more than ${longestFirstExample}.`,
      );
    }
  });

  describe('documentation', () => {
    const testBlocks = (file: string, blocks: CodeBlock[]) => {
      for (const block of blocks.filter(({ language }) => language === 'ts')) {
        test(`${file}:${block.line} runs as written`, () => runExample(folder, file, block));
      }
    };
    testBlocks('README.md', readme);
    for (const file of sources(folder)) testBlocks(file, docblockBlocks(read(file), file));
  });
}

function sources(folder: string): string[] {
  return readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
    .map((file) => `src/${file.replaceAll('\\', '/')}`)
    .sort();
}
