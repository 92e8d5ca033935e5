// The command line of `npm run conformance`.

export interface Options {
  readonly flows: number;
  readonly seed: number;
  /** How many disagreements are made smaller; one of their kind stands for the others. */
  readonly shrink: number;
}

export const USAGE = 'usage: npm run conformance -- [--flows N] [--seed S] [--shrink N]';

const DEFAULT_FLOWS = 5_000;
const DEFAULT_SHRINK = 100;

/** Null where the arguments mean nothing. */
export function parseArguments(args: readonly string[]): Options | null {
  let flows = DEFAULT_FLOWS;
  let shrink = DEFAULT_SHRINK;
  let seed = Math.trunc(Math.random() * 0x7fffffff);
  for (let i = args[0] === '--' ? 1 : 0; i < args.length; i++) {
    const [, name, joined] = /^--(flows|seed|shrink)(?:=(.*))?$/.exec(args[i] ?? '') ?? [];
    if (name === undefined) return null;
    const text = joined ?? args[++i] ?? '';
    const value = Number(text);
    if (text === '' || !Number.isSafeInteger(value)) return null;
    if (name === 'seed') seed = value;
    else if (name === 'shrink' && value >= 0) shrink = value;
    else if (value > 0) flows = value;
    else return null;
  }
  return { flows, seed, shrink };
}
