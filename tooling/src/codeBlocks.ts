export interface CodeBlock {
  language: string;
  /** Line of the opening fence, counted from 1. */
  line: number;
  code: string[];
}

const fence = /^\s*```(\w*)/;
const docblockMargin = /^[ \t]*\* ?/gm;

/** The fenced blocks of a Markdown text. */
export function markdownBlocks(text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: CodeBlock | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const language = fence.exec(line)?.[1];
    if (language === undefined) open?.code.push(line);
    else if (open) open = undefined;
    else {
      open = { language, line: index + 1, code: [] };
      blocks.push(open);
    }
  }
  return blocks;
}

/**
 * The fenced blocks in the docblocks of a TypeScript source.
 *
 * @throws Error that begins with `file:line` at an `@example` that has no ts block and so could not run
 */
export function docblockBlocks(source: string, file: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  for (const { 0: comment, index } of source.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)) {
    const linesBefore = countNewlines(source.slice(0, index));
    const text = comment.replace(/^\s*\/\*\* ?|\*\/$/g, '').replaceAll(docblockMargin, '');
    for (const { 0: example, index } of text.matchAll(/^@example[\s\S]*?(?=^@|$(?![\s\S]))/gm)) {
      if (/^```ts$/m.test(example)) continue;
      const line = linesBefore + countNewlines(text.slice(0, index)) + 1;
      throw new Error(`${file}:${line}: this @example has no \`\`\`ts block.`);
    }
    for (const block of markdownBlocks(text)) blocks.push({ ...block, line: block.line + linesBefore });
  }
  return blocks;
}

function countNewlines(text: string): number {
  return text.split('\n').length - 1;
}
