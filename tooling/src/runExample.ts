import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { vi } from 'vitest';
import type { CodeBlock } from './codeBlocks.js';

const arrow = /\/\/ → ?(.*)$/;

/**
 * Runs a block of a package's documentation and compares what it logs with its `// → text` comments, in order.
 *
 * @param folder root of the package, whose `node_modules/.examples` takes the block as a module
 * @param file where the block stands, relative to `folder`
 * @throws Error that begins with the `file:line` of the first thing that is wrong
 */
export async function runExample(folder: string, file: string, block: CodeBlock): Promise<void> {
  const module = writeModule(folder, file, block);
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...values) => {
    printed.push(...format(...values).split('\n'));
  });
  try {
    await import(/* @vite-ignore */ pathToFileURL(module).href);
  } catch (error) {
    throw new Error(`${file}:${lineOf(error, module) ?? block.line}: ${error}`, { cause: error });
  } finally {
    log.mockRestore();
  }
  compare(file, block, printed);
}

/** Blank lines come first, so that a line of the module has the number it has in the document. */
function writeModule(folder: string, file: string, { line, code }: CodeBlock): string {
  const directory = join(folder, 'node_modules', '.examples');
  const path = join(directory, `${file.replaceAll(/[\\/]/g, '-')}-${line}.ts`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(path, `${'\n'.repeat(line)}${code.join('\n')}\nexport {};\n`);
  return path;
}

/** The line of the module in the stack of an error, or in the message of a syntax error. */
function lineOf(error: unknown, module: string): string | undefined {
  const stack = error instanceof Error ? `${error.message}\n${error.stack}` : '';
  return stack.split(`${basename(module)}:`)[1]?.match(/^\d+/)?.[0];
}

function compare(file: string, { line, code }: CodeBlock, printed: string[]): void {
  const arrows = code.flatMap((text, index) => {
    const match = arrow.exec(text);
    return match ? [{ line: line + 1 + index, text: match[1]! }] : [];
  });
  if (arrows.length === 0) return;
  for (const [index, { line, text }] of arrows.entries()) {
    if (printed[index]?.trim() === text.trim()) continue;
    throw new Error(
      `${file}:${line}: printed ${JSON.stringify(printed[index])}, but the arrow says ${JSON.stringify(text)}.`,
    );
  }
  if (printed.length > arrows.length) {
    throw new Error(`${file}:${line}: printed ${JSON.stringify(printed[arrows.length])} too, which has no arrow.`);
  }
}
