/** What is found on the several ways through one flow: told once, with the ways that it is about. */
import type { Sink } from '../../diagnostics/define.ts';
import type { Diagnostic } from '../../diagnostics/types.ts';

interface Found {
  readonly diagnostic: Diagnostic;
  readonly way: Described;
  ways: number;
}

interface Described {
  description: string;
  /** It is another look at one. */
  readonly again: boolean;
}

export class WaysSink implements Sink {
  /** For what is read once and holds on every way, as the elements of a set. */
  readonly once: Sink;
  private readonly sink: Sink;
  private readonly found = new Map<string, Found>();
  /** How often each code has been met at each place of the present way: twice are two mistakes. */
  private met = new Map<string, number>();
  private way: Described = { description: '', again: false };
  private ways = 0;

  constructor(sink: Sink) {
    this.sink = sink;
    const told = new Set<string>();
    this.once = {
      add: (diagnostic) => {
        const { code, place, message } = diagnostic;
        const key = `${code} ${place.file} ${place.start} ${place.end} ${message}`;
        if (told.has(key)) return;
        told.add(key);
        sink.add(diagnostic);
      },
      allows: (code) => this.allows(code),
    };
  }

  /** Begins a way. */
  begin(): void {
    this.met = new Map();
    this.way = { description: '', again: false };
    this.ways++;
  }

  /** Says which way it was, when that is known. */
  end(description: string): void {
    this.way.description = description;
  }

  /** Begins another look at a way, with one value that may make a difference: only what is new counts. */
  lookAgain(description: string): void {
    this.met = new Map();
    this.way = { description, again: true };
  }

  add(diagnostic: Diagnostic): void {
    const { code, place } = diagnostic;
    const base = `${code} ${place.file} ${place.start} ${place.end}`;
    const nth = (this.met.get(base) ?? 0) + 1;
    this.met.set(base, nth);
    const key = `${base} ${nth}`;
    const known = this.found.get(key);
    if (known === undefined) this.found.set(key, { diagnostic, way: this.way, ways: 1 });
    else if (!this.way.again) known.ways++;
  }

  allows(code: string): boolean {
    return this.sink.allows?.(code) === true;
  }

  /** Hands on what has been found. */
  flush(): void {
    for (const { diagnostic, way, ways } of this.found.values()) {
      const { description } = way;
      if ((ways === this.ways && !way.again) || description === '') this.sink.add(diagnostic);
      else {
        const others = ways === 1 ? '' : `, and ${ways - 1} more of the ${this.ways} alternatives`;
        const note = `this is about the alternative \`${description}\`${others}`;
        // What mends one alternative may break another.
        this.sink.add({ ...diagnostic, notes: [note, ...diagnostic.notes], help: null, fixes: [] });
      }
    }
    this.found.clear();
  }
}
