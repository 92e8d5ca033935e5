/** One line on a terminal that says how far something is, once it has taken a second. */
import { STDERR, write } from './output.ts';

const PATIENCE_MS = 1000;
const INTERVAL_MS = 100;
const ERASE = '\r\u001b[K';

export class ProgressLine {
  private readonly terminal: boolean;
  private readonly started = performance.now();
  private last = -Infinity;
  private shown = false;

  constructor(terminal: boolean) {
    this.terminal = terminal;
  }

  update(text: string): void {
    const now = performance.now();
    if (!this.terminal || now - this.started < PATIENCE_MS || now - this.last < INTERVAL_MS) return;
    this.last = now;
    this.shown = true;
    write(STDERR, `${ERASE}${text}`);
  }

  /** A line that stays, on a terminal or not. */
  say(text: string): void {
    this.clear();
    write(STDERR, `wbfc: ${text}\n`);
  }

  clear(): void {
    if (this.shown) write(STDERR, ERASE);
    this.shown = false;
  }
}
