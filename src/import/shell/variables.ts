/** What a script says that its variables are, as far as it can be known without executing it. */
export class Variables {
  /** Null where a variable changes. */
  private readonly values = new Map<string, string | null>();

  /** `BR=br0`, or `BR=${BR:-br0}`; other texts say nothing. */
  assign(text: string): void {
    const [, name = '', value, usual] = /^(\w+)=(?:([\w.-]+)|\$\{\w+:?-([\w.-]+)\})$/.exec(text) ?? [];
    if (name === '') return;
    const known = this.values.get(name);
    const now = value ?? usual ?? null;
    this.values.set(name, known === undefined || known === now ? now : null);
  }

  /** `$BR`, `${BR}` and what the script says that this is are one bridge. */
  bridge(text: string): string {
    const name = /^\$(?:(\w+)|\{(\w+)(?::?-[^}]*)?\})$/.exec(text);
    if (name === null) return text;
    const variable = name[1] ?? name[2] ?? '';
    return this.values.get(variable) ?? `$${variable}`;
  }
}
