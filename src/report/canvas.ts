/** A row of a terminal that is written to out of order. */
import type { Paint, Style } from './style.ts';

export class Canvas {
  private readonly cells: string[] = [];
  private readonly styles: Style[] = [];

  /** Writes one entry a column; '' continues the character before it. */
  put(column: number, cells: Iterable<string>, style: Style): void {
    let at = column;
    while (this.cells.length < column) {
      this.cells.push(' ');
      this.styles.push('plain');
    }
    for (const cell of cells) {
      this.cells[at] = cell;
      this.styles[at] = style;
      at++;
    }
  }

  render(paint: Paint): string {
    let end = this.cells.length;
    while (end > 0 && this.cells[end - 1] === ' ') end--;
    let text = '';
    for (let from = 0; from < end;) {
      const style = this.styles[from] ?? 'plain';
      let to = from + 1;
      while (to < end && this.styles[to] === style) to++;
      text += paint(style, this.cells.slice(from, to).join(''));
      from = to;
    }
    return text;
  }
}
