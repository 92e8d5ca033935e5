/** The plain data of `src/service/` in the words of the Language Server Protocol. */
import { DiagnosticSeverity, SymbolKind } from 'vscode-languageserver/node';
import type * as lsp from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostic, Document, Edit, OutlineSymbol, QuickFix, Severity } from '../src/service/index.ts';
import { helpUrl, messageOf } from '../src/service/index.ts';

const SEVERITY: Readonly<Record<Severity, lsp.DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

const KIND: Readonly<Record<OutlineSymbol['kind'], lsp.SymbolKind>> = {
  program: SymbolKind.Module,
  const: SymbolKind.Constant,
  port: SymbolKind.Interface,
  register: SymbolKind.Variable,
  table: SymbolKind.Namespace,
  flow: SymbolKind.Function,
  group: SymbolKind.Class,
  meter: SymbolKind.Property,
  tunnel_metadata: SymbolKind.Struct,
  bridge: SymbolKind.Object,
  test: SymbolKind.Event,
  import: SymbolKind.Module,
  extend: SymbolKind.Namespace,
  template: SymbolKind.Function,
  use: SymbolKind.Function,
  for: SymbolKind.Array,
  if: SymbolKind.Boolean,
};

/** Translates for one state of one text. */
export class Converter {
  private readonly text: TextDocument;

  constructor(text: TextDocument) {
    this.text = text;
  }

  range(span: { readonly start: number; readonly end: number }): lsp.Range {
    return { start: this.text.positionAt(span.start), end: this.text.positionAt(span.end) };
  }

  diagnostic(d: Diagnostic): lsp.Diagnostic {
    const related = d.related
      .filter((r) => r.file === 0 && r.message !== '')
      .map((r) => ({ location: { uri: this.text.uri, range: this.range(r) }, message: r.message }));
    return {
      range: this.range(d.place),
      severity: SEVERITY[d.severity],
      code: d.code,
      codeDescription: { href: helpUrl(d.code) },
      source: 'wbfc',
      message: messageOf(d),
      ...(related.length === 0 ? {} : { relatedInformation: related }),
    };
  }

  /** The diagnostics of the text itself: those of other files are published with them. */
  diagnostics(document: Document): lsp.Diagnostic[] {
    return document.analysis.diagnostics.filter((d) => d.place.file === 0).map((d) => this.diagnostic(d));
  }

  edits(edits: readonly Edit[]): lsp.TextEdit[] {
    return edits.map((e) => ({ range: this.range(e), newText: e.newText }));
  }

  codeAction(fix: QuickFix): lsp.CodeAction {
    return {
      title: fix.title,
      kind: 'quickfix',
      diagnostics: [this.diagnostic(fix.diagnostic)],
      isPreferred: fix.preferred,
      edit: { changes: { [this.text.uri]: this.edits(fix.edits) } },
    };
  }

  symbol(s: OutlineSymbol): lsp.DocumentSymbol {
    return {
      name: s.name,
      detail: s.detail,
      kind: KIND[s.kind],
      range: this.range(s.span),
      selectionRange: this.range(s.selection),
      children: s.children.map((child) => this.symbol(child)),
    };
  }
}
