/** The commands of a shell script: words, here-documents, pipes. Loops and conditions are seen through. */
import type { TextSpan } from '../piece.ts';
import { readWord } from './words.ts';
import type { Word } from './words.ts';

/** The text that a command reads, between its delimiters. */
export interface HereDocument {
  readonly start: number;
  readonly end: number;
  /** Without quotes around the delimiter, variables in it are expanded. */
  readonly expands: boolean;
}

export interface ShellCommand extends TextSpan {
  readonly words: readonly Word[];
  readonly here: HereDocument | null;
  /** The file that its output goes to. */
  readonly writes: string | null;
  /** The command whose output it reads. */
  readonly pipedFrom: ShellCommand | null;
  /** Above it and behind it on its line. */
  readonly comments: readonly string[];
}

/** What one finds reading a script. */
export interface ScriptVisitor {
  command(command: ShellCommand): void;
  /** A quote or a here-document without an end. */
  unclosed(at: TextSpan, what: string): void;
  /** A line that is a flow as it stands, between the commands. */
  isRaw(start: number, end: number): boolean;
  raw(start: number, end: number, comments: readonly string[]): void;
  /** Comments that nothing follows. */
  leftover(comments: readonly string[]): void;
  blank(comments: string[]): void;
}

interface OpenHere {
  readonly delimiter: string;
  readonly strip: boolean;
  readonly expands: boolean;
  readonly at: TextSpan;
  readonly done: (here: HereDocument) => void;
}

export function readScript(text: string, visitor: ScriptVisitor): void {
  new ScriptReader(text, visitor).read();
}

class ScriptReader {
  private readonly text: string;
  private readonly visitor: ScriptVisitor;
  private pos = 0;
  private comments: string[] = [];
  private readonly open: OpenHere[] = [];
  /** Commands of the line, given away when its here-documents have been read. */
  private line: { command: Mutable; trailing: string[] }[] = [];

  constructor(text: string, visitor: ScriptVisitor) {
    this.text = text;
    this.visitor = visitor;
  }

  read(): void {
    const { text } = this;
    let start = true;
    let piped: Mutable | null = null;
    while (this.pos < text.length) {
      if (start) {
        const end = this.lineEnd();
        const rest = text.slice(this.pos, end);
        if (rest.trim() === '') {
          this.visitor.blank(this.comments);
          this.pos = end + 1;
          continue;
        }
        if (this.visitor.isRaw(this.pos, end)) {
          this.visitor.raw(this.pos, end, this.takeComments());
          this.pos = end + 1;
          continue;
        }
        start = false;
      }
      const c = text[this.pos] ?? '';
      if (c === '\n') {
        this.pos++;
        this.endLine();
        start = piped === null;
      } else if (c === ' ' || c === '\t' || c === '\r') this.pos++;
      else if (c === '\\' && /^\\\r?\n/.test(text.slice(this.pos, this.pos + 3)))
        this.pos = this.lineEnd() + 1;
      else if (c === '#') this.comment();
      else if (/[;&()|]/.test(c)) {
        this.pos++;
        // A pipe goes on behind a newline.
        if (c === '|' && text[this.pos] !== '|') piped = this.line.at(-1)?.command ?? null;
        else if (text[this.pos] === c) this.pos++;
      } else {
        const command = this.command(piped);
        piped = null;
        if (command === null) {
          // Nobody knows where the script goes on.
          this.endLine();
          return;
        }
      }
    }
    this.endLine();
    if (this.comments.length > 0) this.visitor.leftover(this.comments);
  }

  private lineEnd(): number {
    const end = this.text.indexOf('\n', this.pos);
    return end === -1 ? this.text.length : end;
  }

  private takeComments(): string[] {
    const { comments } = this;
    this.comments = [];
    return comments;
  }

  private comment(): void {
    const end = this.lineEnd();
    const line = this.text.slice(this.pos + 1, end).trim();
    this.pos = end;
    const last = this.line.at(-1);
    if (last !== undefined) last.trailing.push(line);
    else if (!line.startsWith('!')) this.comments.push(line);
  }

  /** Reads a simple command; null where a quote is not closed. */
  private command(pipedFrom: Mutable | null): Mutable | null {
    const { text } = this;
    const start = this.pos;
    const words: Word[] = [];
    const command: Mutable = {
      words,
      start,
      end: start,
      here: null,
      writes: null,
      pipedFrom,
      comments: this.takeComments(),
    };
    this.line.push({ command, trailing: [] });
    while (this.pos < text.length) {
      const c = text[this.pos] ?? '';
      if (/[\n;&|()]/.test(c)) break;
      if (c === ' ' || c === '\t' || c === '\r') {
        this.pos++;
        continue;
      }
      if (c === '#' && !/\S/.test(text[this.pos - 1] ?? ' ')) break;
      if (c === '\\' && /^\\\r?\n/.test(text.slice(this.pos, this.pos + 3))) {
        this.pos = this.lineEnd() + 1;
        continue;
      }
      if (c === '<' || c === '>') {
        if (!this.redirection(command)) return null;
        continue;
      }
      const word = readWord(text, this.pos, text.length);
      if (word === null) {
        this.visitor.unclosed({ start: this.pos, end: this.lineEnd() }, 'a quote');
        this.pos = text.length;
        return null;
      }
      this.pos = word.end;
      // The number before a redirection belongs to it.
      if (/^\d$/.test(word.text) && /[<>]/.test(text[this.pos] ?? '')) continue;
      words.push(word);
      command.end = word.end;
    }
    return command;
  }

  /** `> file`, `2>&1`, `<<EOF`; false where a quote is not closed. */
  private redirection(command: Mutable): boolean {
    const { text } = this;
    const at = this.pos;
    const operator = /^(?:<<<|<<-?|<>|>>|>\||[<>]&|[<>])/.exec(text.slice(at, at + 3))?.[0] ?? '<';
    this.pos += operator.length;
    while (text[this.pos] === ' ' || text[this.pos] === '\t') this.pos++;
    // `<(command)` is a file of its own kind.
    if (text[this.pos] === '(') return true;
    const word = readWord(text, this.pos, text.length);
    if (word === null) {
      this.visitor.unclosed({ start: at, end: this.lineEnd() }, 'a quote');
      this.pos = text.length;
      return false;
    }
    this.pos = word.end;
    command.end = word.end;
    if (operator === '<<' || operator === '<<-') {
      this.open.push({
        delimiter: word.text,
        strip: operator === '<<-',
        expands: !word.quoted,
        at: { start: at, end: word.end },
        done: (here) => (command.here = here),
      });
    } else if (operator === '<<<') {
      const { start, end } = word.piece;
      // A word put together from several is rare enough here to be taken as it stands.
      command.here = word.piece.map === null ? { start, end, expands: true } : { ...word, expands: true };
    } else if (operator === '>' || operator === '>>' || operator === '>|') command.writes = word.text;
    return true;
  }

  /** Reads the here-documents that the line has opened and gives its commands away. */
  private endLine(): void {
    for (const open of this.open.splice(0)) this.hereDocument(open);
    for (const { command, trailing } of this.line.splice(0)) {
      this.visitor.command({ ...command, comments: [...command.comments, ...trailing] });
    }
  }

  private hereDocument({ delimiter, strip, expands, at, done }: OpenHere): void {
    const { text } = this;
    const start = this.pos;
    while (this.pos < text.length) {
      const lineStart = this.pos;
      const end = this.lineEnd();
      const line = text.slice(lineStart, end).replace(/\r$/, '');
      this.pos = Math.min(end + 1, text.length);
      if ((strip ? line.replace(/^\t+/, '') : line) === delimiter) {
        done({ start, end: lineStart, expands });
        return;
      }
      if (end === text.length) break;
    }
    done({ start, end: text.length, expands });
    this.visitor.unclosed(at, `the text up to \`${delimiter}\``);
    this.pos = text.length;
  }
}

type Mutable = { -readonly [P in keyof ShellCommand]: ShellCommand[P] };
