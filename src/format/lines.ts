/** Lines below each other: what stands at their `=`, their `{` and their `//` is aligned. */

/** Names whose lengths differ by more are not aligned: a gap as wide reads worse than none. */
const MAX_PADDING = 24;
/** The same of comments behind lines. */
const MAX_COMMENT_PADDING = 40;
/** Blanks before a comment behind a line. */
export const BEFORE_COMMENT = '  ';

interface Line {
  readonly text: string;
  /** Where to pad; -1 nowhere. */
  readonly at: number;
  /** Lines of one kind are aligned with each other. */
  readonly kind: string;
  readonly comment: string;
}

export class Lines {
  private out = '';
  private readonly indent: string;
  private run: Line[] = [];

  constructor(indent: number) {
    this.indent = ' '.repeat(indent);
  }

  /** A statement on one line. */
  add(text: string, at: number, kind: string, comment: string): void {
    this.run.push({ text, at, kind, comment });
  }

  /** What is aligned with nothing: a comment, or a statement over several lines. */
  block(text: string, comment = ''): void {
    this.flush();
    this.put(text, comment);
  }

  blank(): void {
    this.flush();
    this.out += '\n';
  }

  finish(): string {
    this.flush();
    return this.out;
  }

  private put(text: string, comment: string): void {
    this.out += this.indent + text;
    if (comment !== '') this.out += BEFORE_COMMENT + comment;
    this.out += '\n';
  }

  private flush(): void {
    const { run } = this;
    if (run.length === 0) return;
    this.run = [];
    const texts = aligned(run);
    for (let from = 0; from < run.length;) {
      let to = from;
      while (to < run.length && run[to]?.comment !== '') to++;
      const width = to - from > 1 ? common(texts, from, to) : -1;
      for (; from < to; from++) {
        this.put((texts[from] ?? '').padEnd(width), run[from]?.comment ?? '');
      }
      if (from < run.length) this.put(texts[from++] ?? '', '');
    }
  }
}

/** The length of the longest; -1 where they differ too much. */
function common(texts: readonly string[], from: number, to: number): number {
  let most = 0;
  let least = Infinity;
  for (let k = from; k < to; k++) {
    const { length } = texts[k] ?? '';
    if (length > most) most = length;
    if (length < least) least = length;
  }
  return most - least > MAX_COMMENT_PADDING ? -1 : most;
}

/** The texts of lines with their `=` or `{` below each other. */
function aligned(run: readonly Line[]): string[] {
  const texts: string[] = [];
  for (let from = 0; from < run.length;) {
    const first = run[from];
    if (first === undefined) break;
    let to = from + 1;
    let most = first.at;
    let least = first.at;
    for (; first.at >= 0 && to < run.length; to++) {
      const line = run[to];
      if (line === undefined || line.at < 0 || line.kind !== first.kind) break;
      if (line.at > most) most = line.at;
      if (line.at < least) least = line.at;
    }
    const pad = most - least <= MAX_PADDING;
    for (; from < to; from++) {
      const { text, at } = run[from] ?? first;
      texts.push(
        pad && at >= 0 && at < most ? text.slice(0, at) + ' '.repeat(most - at) + text.slice(at) : text,
      );
    }
  }
  return texts;
}
