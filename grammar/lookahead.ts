/**
 * One token of lookahead for chevrotain, worked out where a production is first met.
 *
 * Chevrotain's own strategy explores the grammar anew for each production at every start, for any number of tokens. One
 * is enough here (`maxLookahead: 1`), the sets of first tokens can be shared, and a start meets few productions.
 */
import {
  Alternation,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  Terminal,
} from 'chevrotain';
import type {
  BaseParser,
  ILookaheadStrategy,
  IOrAlt,
  IProduction,
  OptionalProductionType,
  Rule,
  TokenType,
} from 'chevrotain';

/** What the first token of a production may be. */
interface First {
  /** By `tokenTypeIdx`. */
  readonly types: ReadonlySet<number>;
  /** The production may consist of nothing: then any token will do. */
  readonly empty: boolean;
}

/** Chevrotain has the method, its types leave it out. */
type Reader = BaseParser & { LA(howMuch: number): { readonly tokenTypeIdx: number } };

type Composed = IProduction & { readonly definition: IProduction[]; readonly idx?: number };

const OPTIONAL = {
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
} as const;

export class OneTokenLookahead implements ILookaheadStrategy {
  private readonly firstOfRule = new Map<Rule, First>();

  /** `test/grammar/lookahead.test.ts` has chevrotain's own strategy validate the grammar. */
  validate(): [] {
    return [];
  }

  buildLookaheadForAlternation({
    prodOccurrence,
    rule,
    hasPredicates,
  }: {
    readonly prodOccurrence: number;
    readonly rule: Rule;
    readonly hasPredicates: boolean;
  }): (orAlts?: IOrAlt<unknown>[]) => number | undefined {
    let made: readonly First[] | null = null;
    const firsts = (): readonly First[] =>
      (made ??= find(rule, Alternation, prodOccurrence).map((alternative) => this.firstOf(alternative)));
    if (hasPredicates) {
      return function (this: Reader, orAlts: IOrAlt<unknown>[] = []): number | undefined {
        const type = this.LA(1).tokenTypeIdx;
        const all = firsts();
        const found = all.findIndex(
          (first, i) => orAlts[i]?.GATE?.call(this) !== false && accepts(first, type),
        );
        return found === -1 ? undefined : found;
      };
    }
    const choices: (number | undefined)[] = [];
    return function (this: Reader): number | undefined {
      const type = this.LA(1).tokenTypeIdx;
      const choice = (choices[type] ??= firsts().findIndex((first) => accepts(first, type)));
      return choice === -1 ? undefined : choice;
    };
  }

  buildLookaheadForOptional({
    prodOccurrence,
    rule,
    prodType,
  }: {
    readonly prodOccurrence: number;
    readonly rule: Rule;
    readonly prodType: OptionalProductionType;
  }): () => boolean {
    let inside: First | null = null;
    const first = (): First =>
      (inside ??= this.firstOfSequence(find(rule, OPTIONAL[prodType], prodOccurrence)));
    return function (this: Reader): boolean {
      return accepts(inside ?? first(), this.LA(1).tokenTypeIdx);
    };
  }

  private firstOf(production: IProduction): First {
    if (production instanceof Terminal) return { types: typesOf(production.terminalType), empty: false };
    if (production instanceof NonTerminal) return this.firstOfReferenced(production.referencedRule);
    const { definition } = production as Composed;
    if (production instanceof Alternation) {
      const parts = definition.map((part) => this.firstOf(part));
      return { types: union(parts), empty: parts.some((part) => part.empty) };
    }
    const { types, empty } = this.firstOfSequence(definition);
    const optional =
      production instanceof Option ||
      production instanceof Repetition ||
      production instanceof RepetitionWithSeparator;
    return { types, empty: empty || optional };
  }

  private firstOfReferenced(rule: Rule): First {
    const known = this.firstOfRule.get(rule);
    if (known !== undefined) return known;
    const first = this.firstOfSequence(rule.definition);
    this.firstOfRule.set(rule, first);
    return first;
  }

  private firstOfSequence(definition: readonly IProduction[]): First {
    const parts: First[] = [];
    for (const part of definition) {
      const first = this.firstOf(part);
      parts.push(first);
      if (!first.empty) return { types: union(parts), empty: false };
    }
    return { types: union(parts), empty: true };
  }
}

function accepts({ types, empty }: First, type: number): boolean {
  return empty || types.has(type);
}

/** The type and those that count as it. */
function typesOf({ tokenTypeIdx, categoryMatches }: TokenType): ReadonlySet<number> {
  return new Set([...(tokenTypeIdx === undefined ? [] : [tokenTypeIdx]), ...(categoryMatches ?? [])]);
}

function union(firsts: readonly First[]): ReadonlySet<number> {
  const [only, second] = firsts;
  if (only !== undefined && second === undefined) return only.types;
  return new Set(firsts.flatMap(({ types }) => [...types]));
}

/** The definition of the production of that kind and number in a rule. */
function find(
  rule: Rule,
  kind: abstract new (...args: never[]) => IProduction,
  occurrence: number,
): readonly IProduction[] {
  const pending: IProduction[] = [rule];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next instanceof Terminal || next instanceof NonTerminal) continue;
    const { definition, idx } = next as Composed;
    if (next instanceof kind && idx === occurrence) return definition;
    pending.push(...definition);
  }
  throw new Error(`no production ${occurrence} in rule ${rule.name}`);
}
