/** Values in the words of messages, and as instances are known by them. */
import type { Expr } from '../../grammar/ast.ts';
import { showIpv4, showIpv6, showMac } from '../openflow/addresses.ts';
import type { Sym } from './env.ts';
import type { Value } from './values.ts';

/** Expressions in the words of messages. */
export const KINDS: Readonly<Record<Expr['kind'], string>> = {
  int: 'a number',
  mac: 'a MAC address',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  duration: 'a duration',
  string: 'a text',
  flags: 'a set of flags',
  name: 'a name',
  call: 'a call',
  masked: 'a value with a mask',
  range: 'a range',
  set: 'a set',
  list: 'a list',
  record: 'a record',
  binary: 'an expression',
  unary: 'an expression',
  load: 'the data of a file',
  missing: 'nothing',
};

const SYMBOLS: Readonly<Record<Sym['kind'], string>> = {
  const: 'a constant',
  port: 'a port',
  register: 'a register',
  table: 'a table',
  group: 'a group',
  meter: 'a meter',
  template: 'a template',
  module: 'an imported file',
};

export function kindOfSymbol(symbol: Sym): string {
  return SYMBOLS[symbol.kind];
}

/** `a number`, `an IPv4 address`, `` the cell `x` ``. */
export function kindOf(value: Value): string {
  switch (value.kind) {
    case 'truth':
      return `\`${String(value.value)}\``;
    case 'cell':
      return value.text === '' ? 'an empty cell' : `\`${shorten(value.text)}\``;
    case 'sequence':
      return value.form === 'list' ? 'a list' : 'a set';
    case 'record':
      return 'a record';
    case 'literal':
      if (value.symbol !== undefined) return kindOfSymbol(value.symbol);
      if (value.expr.kind === 'string' && value.expr.value === '' && value.expr.given?.cell === true)
        return 'an empty cell';
      if (isPrefix(value.expr)) return 'a prefix';
      return value.expr.kind === 'name' ? `the name \`${showExpr(value.expr)}\`` : KINDS[value.expr.kind];
  }
}

function isPrefix(expr: Expr): boolean {
  if (expr.kind !== 'masked' || expr.mask.kind !== 'int') return false;
  return expr.value.kind === 'ipv4' || expr.value.kind === 'ipv6';
}

const MAX_SHOWN = 60;

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}

/** A value in a message: short, on one line. */
export function show(value: Value): string {
  return shorten(identityOf(value, true));
}

/**
 * A value as an instance is known by it, and so as cookies are made of it: these words are stored on switches and never
 * change. Equal values have equal words, however they were written.
 */
export function identityOf(value: Value, shown = false): string {
  switch (value.kind) {
    case 'truth':
      return String(value.value);
    case 'cell':
      return value.text;
    case 'sequence': {
      const parts: string[] = [];
      let length = 0;
      for (let i = 0; i < value.length; i++) {
        const part = identityOf(value.at(i), shown);
        length += part.length;
        parts.push(part);
        if (shown && length > MAX_SHOWN) break;
      }
      return value.form === 'list' ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
    }
    case 'record': {
      const keys = [...value.keys].sort();
      const parts = keys.map((key) => {
        const entry = value.get(key);
        return `${key}:${entry === undefined ? '' : identityOf(entry, shown)}`;
      });
      return `{${parts.join(',')}}`;
    }
    case 'literal':
      // A text of a data file is known as it stands there, as are cells that have not been used.
      return value.expr.kind === 'string' && value.expr.given?.cell === true
        ? value.expr.value
        : showExpr(value.expr);
  }
}

const PLAIN = /^[\w.:/+-]*$/;

/** A text needs its quotes where it could be read as something else, or as several things. */
function quoted(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text);
}

/** An evaluated expression. */
export function showExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'int':
      return expr.value.toString();
    case 'mac':
      return showMac(expr.value);
    case 'ipv4':
      return showIpv4(expr.value);
    case 'ipv6':
      return showIpv6(expr.value);
    case 'duration':
      return `${expr.seconds}s`;
    case 'string':
      return quoted(expr.value);
    case 'name': {
      const path = expr.path.map((n) => n.text).join('.');
      if (expr.subfield === null) return path;
      const { from, to } = expr.subfield;
      if (from === null) return `${path}[]`;
      return `${path}[${showExpr(from)}${to === null ? '' : `..${showExpr(to)}`}]`;
    }
    case 'flags':
      return expr.flags.map((f) => (f.set ? '+' : '-') + f.name.text).join('');
    case 'masked':
      return `${showExpr(expr.value)}/${showExpr(expr.mask)}`;
    case 'range':
      return `${showExpr(expr.from)}-${showExpr(expr.to)}`;
    case 'set':
      return `{${expr.elements.map(showExpr).join(',')}}`;
    case 'list':
      return `[${expr.elements.map(showExpr).join(',')}]`;
    case 'record':
      return `{${expr.entries.map((e) => `${e.name.text}:${showExpr(e.value)}`).join(',')}}`;
    case 'call':
      return `${expr.name.text}(${expr.args.map((a) => showExpr(a.value)).join(',')})`;
    case 'binary':
    case 'unary':
    case 'load':
    case 'missing':
      return KINDS[expr.kind];
  }
}
