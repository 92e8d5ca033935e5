/** From statements and blocks to lines, in the manner of the examples: on one line where it fits. */

/** `head { body }`. */
export interface BlockNode {
  readonly head: string;
  readonly body: readonly Node[];
}

/** A statement, or one that ends with a block. */
export type Node = string | BlockNode;

/** As wide as the examples are. */
export const WIDTH = 118;

/** The node at that depth, on one line if it fits; each line ends with a newline. */
export function render(node: Node, depth: number): string {
  const indent = '  '.repeat(depth);
  if (typeof node === 'string') return `${indent}${node}\n`;
  const line = inline(node, WIDTH - indent.length);
  if (line !== null) return `${indent}${line}\n`;
  return `${indent}${node.head} {\n${renderAll(node.body, depth + 1)}${indent}}\n`;
}

export function renderAll(nodes: readonly Node[], depth: number): string {
  let text = '';
  for (const node of nodes) text += render(node, depth);
  return text;
}

/** The node on one line; null where it is longer than the room for it. */
export function inline(node: Node, room: number): string | null {
  if (typeof node === 'string') return node.length <= room ? node : null;
  if (node.body.length === 0) return `${node.head} {}`;
  let text = `${node.head} { `;
  let before: Node | null = null;
  for (const inner of node.body) {
    // What ends with a block needs no mark behind it; before a plain statement it is easier to read with one.
    if (before !== null) text += typeof before === 'string' || typeof inner === 'string' ? '; ' : ' ';
    const part = inline(inner, room - text.length - 2);
    if (part === null) return null;
    text += part;
    before = inner;
  }
  text += ' }';
  return text.length <= room ? text : null;
}
