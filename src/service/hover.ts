/** What an editor shows for the name under the cursor. */
import type { FileNode, Item, Name, RelationStatement, Span } from '../../grammar/ast.ts';
import type { Scope } from '../check/types.ts';
import type { Field } from '../openflow/fields.ts';
import { field, fieldByName } from '../openflow/fields.ts';
import { showPlace } from '../check/register-places.ts';
import { isGenericName, isProtocolName } from '../openflow/protocols.ts';
import { reservedPort } from '../openflow/ports.ts';
import {
  describeAction,
  describeField,
  describeGeneric,
  describePort,
  describeProtocol,
  describeValue,
} from './describe.ts';
import { definition } from './definition.ts';
import type { Document } from './document.ts';
import type { Found, Role } from './walk.ts';
import { declarations, inMatch, nameAt, roleOf } from './walk.ts';
import { actionOf } from './words.ts';

export interface Hover {
  /** Markdown. */
  readonly text: string;
  readonly span: Span;
}

export function hover(document: Document, offset: number): Hover | null {
  const { tree, scope } = document.analysis;
  const found = nameAt(tree, offset);
  if (found === null) return null;
  const role = roleOf(found);
  const inside = declaredInside(document, offset);
  // In a match a protocol of the same name is meant.
  const text = (role.kind === 'command' ? null : inside) ?? describe(found, role, document, scope) ?? inside;
  return text === null ? null : { text, span: found.name.span };
}

function describe(found: Found, role: Role, document: Document, scope: Scope): string | null {
  const { text } = found.name;
  const declared = (kinds?: readonly Item['kind'][]): string | null =>
    describeDeclared(document, text, kinds);
  switch (role.kind) {
    case 'declaration':
      return declared([role.item.kind]);
    case 'target':
      return declared(['register']) ?? describeTarget(text);
    case 'value': {
      if (targetOf(role.relation) === 'watch_group') return declared(['group']);
      const target = fieldOf(role.relation, scope);
      const named = target === null ? null : describeValue(target, text);
      return named ?? (isPortField(target) ? portText(text) : null) ?? declared() ?? describeTarget(text);
    }
    case 'command':
      if (inMatch(found.parents) && isProtocolName(text)) return describeProtocol(text);
      return actionText(text) ?? (isProtocolName(text) ? describeProtocol(text) : null);
    case 'operand': {
      const kind = isMeterId(found) ? 'meter' : REFERENCES[role.command.name.text];
      if (kind !== undefined) return declared([kind]);
      const port = role.command.name.text === 'output' ? portText(text) : null;
      return port ?? declared() ?? describeTarget(text) ?? portText(text);
    }
    case 'keyword':
      return null;
    case 'other':
      return declared() ?? describeTarget(text);
  }
}

/** Actions whose operand is a declaration of one kind. */
const REFERENCES: Readonly<Record<string, Item['kind']>> = { goto: 'table', group: 'group', meter: 'meter' };

/** `controller(meter_id = limit)` */
function isMeterId({ parents }: Found): boolean {
  return parents.some((p) => !('kind' in p) && 'value' in p && p.name?.text === 'meter_id');
}

function targetOf({ target }: RelationStatement): string {
  return target.kind === 'name' ? (target.path[0]?.text ?? '') : '';
}

function describeTarget(name: string): string | null {
  if (isGenericName(name)) return describeGeneric(name);
  const f = fieldByName(name);
  if (f !== undefined) return describeField(f);
  return isProtocolName(name) ? describeProtocol(name) : null;
}

const isPortField = (f: Field | null): boolean => f?.name === 'in_port' || f?.name === 'in_port_oxm';

function portText(name: string): string | null {
  const port = reservedPort(name);
  return port === undefined ? null : describePort(port);
}

function actionText(name: string): string | null {
  const action = actionOf(name);
  return action === undefined ? null : describeAction(action);
}

/** The field on the left of a relation, seen through a register. */
function fieldOf(relation: RelationStatement, scope: Scope): Field | null {
  if (relation.target.kind !== 'name') return null;
  const name = relation.target.path.at(-1)?.text ?? '';
  const known = fieldByName(name);
  if (known !== undefined) return known;
  const symbol = scope.lookup(name);
  return symbol?.kind === 'register' && symbol.subfield !== null ? field(symbol.subfield.field) : null;
}

function nameOf(item: Item): Name | null {
  return 'name' in item && item.kind !== 'test' ? item.name : null;
}

/** What has a name space of its own. */
const OWN_NAMES: readonly Item['kind'][] = ['flow', 'group', 'meter'];

function findDeclaration(
  tree: FileNode,
  name: string,
  kinds: readonly Item['kind'][] | undefined,
): Item | undefined {
  return declarations(tree).find(
    (item) =>
      nameOf(item)?.text === name &&
      (kinds === undefined ? !OWN_NAMES.includes(item.kind) : kinds.includes(item.kind)),
  );
}

/** The line on which a template, a parameter, what a loop binds, or something within such is declared. */
function declaredInside(document: Document, offset: number): string | null {
  const { text, analysis } = document;
  const { start, end } = definition(document, offset)?.span ?? { start: 0, end: 0 };
  const known = declarations(analysis.tree).some(
    (item) => item.kind !== 'template' && nameOf(item)?.span.start === start,
  );
  if (start === end || known) return null;
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, end);
  const [behind = ''] = text.slice(end).split('\n', 1);
  // Without the body that begins there.
  const body = behind.indexOf(' {');
  return `\`\`\`wbf\n${(before + (body === -1 ? behind : behind.slice(0, body))).trim()}\n\`\`\``;
}

/** A declaration as it stands in the source, without its body, under its `///` text. */
function describeDeclared(document: Document, name: string, kinds?: readonly Item['kind'][]): string | null {
  const item = findDeclaration(document.analysis.tree, name, kinds);
  if (item === undefined) return null;
  const whole = document.text.slice(item.span.start, item.span.end);
  const head = (/^[^{\n]*/.exec(whole)?.[0] ?? '').trimEnd();
  const body = item.kind === 'const' ? (whole.split('\n', 1)[0] ?? head) : head;
  const doc = item.doc === null ? '' : `\n\n${item.doc}`;
  const facts = factsAbout(document, item);
  return `\`\`\`wbf\n${body.trimEnd()}\n\`\`\`${facts === null ? '' : `\n\n${facts}`}${doc}`;
}

/** What the compiler made of a declaration: the number of a table, the place of a register, how many flows a flow is. */
function factsAbout({ analysis: { scope, expansions } }: Document, item: Item): string | null {
  if (item.kind === 'table') {
    const { number } = scope.tables.find((t) => t.decl === item) ?? { number: null };
    return number === null || item.value !== null ? null : `table ${number}, numbered by wbfc`;
  }
  if (item.kind === 'register') {
    const { subfield } = scope.registers.find((r) => r.decl === item) ?? { subfield: null };
    return subfield === null || item.width === null ? null : `\`${showPlace(subfield)}\`, placed by wbfc`;
  }
  if (item.kind !== 'flow') return null;
  const made = expansions.filter(
    ({ origin: { file, start, end } }) => file === 0 && start === item.span.start && end === item.span.end,
  );
  const flows = made.reduce((sum, e) => sum + e.flows, 0);
  if (flows === 0) return null;
  const methods = [...new Set(made.map((e) => METHODS[e.method]))].join(', ');
  return `${flows} flows on the switch (${methods})`;
}

const METHODS = {
  cross: 'the product of its sets',
  conjunction: 'a conjunction',
  alternatives: 'its alternatives',
} as const;
