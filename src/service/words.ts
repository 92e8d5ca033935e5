/** Statements whose name differs from that of the action in ovs-actions(7). */
import type { Action, ActionName } from '../openflow/actions.ts';
import { actionByName } from '../openflow/actions.ts';

export const STATEMENTS: Readonly<Record<string, ActionName>> = { goto: 'goto_table' };

/** The action that a statement of this name stands for. */
export function actionOf(statement: string): Action | undefined {
  return actionByName(
    Object.hasOwn(STATEMENTS, statement) ? (STATEMENTS[statement] ?? statement) : statement,
  );
}
