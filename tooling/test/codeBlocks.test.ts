import { expect, test } from 'vitest';
import { docblockBlocks, markdownBlocks } from '../src/codeBlocks.js';

test('finds the blocks of a Markdown text with their language and line', () => {
  const text = ['# Title', '```ts', 'a;', '', 'b;', '```', 'text', '```', 'plain', '```'].join('\n');
  expect(markdownBlocks(text)).toEqual([
    { language: 'ts', line: 2, code: ['a;', '', 'b;'] },
    { language: '', line: 8, code: ['plain'] },
  ]);
});

test('finds the blocks of docblocks without their margin, at their line of the source', () => {
  const source = `const one = 1;
/**
 * Adds.
 *
 * @example
 * \`\`\`ts
 * if (true) {
 *   add();
 * }
 * \`\`\`
 */
export function add() {}

class Sum {
  /**
   * @example
   * \`\`\`ts
   * new Sum();
   * \`\`\`
   * @returns nothing
   */
  get() {}
}
`;
  expect(docblockBlocks(source, 'src/a.ts')).toEqual([
    { language: 'ts', line: 6, code: ['if (true) {', '  add();', '}'] },
    { language: 'ts', line: 17, code: ['new Sum();'] },
  ]);
});

test('refuses an @example that cannot run because it has no ts block', () => {
  const bare = '\n/**\n * Adds.\n *\n * @example add(1, 2)\n *\n * @example\n * ```ts\n * add();\n * ```\n */\n';
  expect(() => docblockBlocks(bare, 'src/a.ts')).toThrow('src/a.ts:5: this @example has no ```ts block.');
  expect(() => docblockBlocks('/** @example add(1, 2) */', 'src/a.ts')).toThrow('src/a.ts:1: ');
});
