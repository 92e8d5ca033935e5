/** All that an editor may ask. Plain data: offsets into the text, no protocol. */
export type { Diagnostic, Place, Severity, TextEdit } from '../diagnostics/types.ts';
export { helpUrl } from '../report/links.ts';
export type { Definition } from './definition.ts';
export { definition } from './definition.ts';
export type { Document } from './document.ts';
export { readDocument } from './document.ts';
export type { QuickFix } from './fixes.ts';
export { fixesAt } from './fixes.ts';
export type { Edit } from '../format/edits.ts';
export { formatting } from './formatting.ts';
export type { Hover } from './hover.ts';
export { hover } from './hover.ts';
export { internalDiagnostic } from './internal.ts';
export { messageOf } from './messages.ts';
export type { Host } from '../project/host.ts';
export { Project } from '../project/library.ts';
export type { OutlineSymbol } from './symbols.ts';
export { symbols } from './symbols.ts';
