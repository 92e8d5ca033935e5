/** The plain data of `src/service/` in the words of the Language Server Protocol. */
import { DiagnosticSeverity, SymbolKind } from 'vscode-languageserver/node';
import type * as lsp from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  Diagnostic,
  Document,
  Edit,
  OutlineSymbol,
  Place,
  QuickFix,
  Severity,
  TextEdit,
} from '../src/service/index.ts';
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

function rangeIn(text: TextDocument, span: { readonly start: number; readonly end: number }): lsp.Range {
  return { start: text.positionAt(span.start), end: text.positionAt(span.end) };
}

/** Diagnostics by the URI of the text that they lie in. */
export type Published = Map<string, lsp.Diagnostic[]>;

/** Translates for one state of one text, and of the files that it was read with. */
export class Converter {
  private readonly text: TextDocument;
  private readonly others: (file: number) => TextDocument | null;

  /** `others` is the file with that index in the analysis; null for what no editor can open. */
  constructor(text: TextDocument, others: (file: number) => TextDocument | null = () => null) {
    this.text = text;
    this.others = others;
  }

  range(span: { readonly start: number; readonly end: number }): lsp.Range {
    return rangeIn(this.text, span);
  }

  private textOf(file: number): TextDocument | null {
    return file === 0 ? this.text : this.others(file);
  }

  diagnostic(d: Diagnostic): lsp.Diagnostic {
    return this.placed(d, this.placeOf(d), this.text);
  }

  private placed(d: Diagnostic, place: Place, text: TextDocument): lsp.Diagnostic {
    const related = d.related.flatMap((r) => {
      const other = this.textOf(r.file);
      if (other === null || r.message === '') return [];
      return { location: { uri: other.uri, range: rangeIn(other, r) }, message: r.message };
    });
    return {
      range: rangeIn(text, place),
      severity: SEVERITY[d.severity],
      code: d.code,
      codeDescription: { href: helpUrl(d.code) },
      source: 'wbfc',
      message: messageOf(d),
      ...(related.length === 0 ? {} : { relatedInformation: related }),
    };
  }

  /** What lies in the standard library is shown where the program uses it. */
  private placeOf({ place, related }: Diagnostic): Place {
    if (this.textOf(place.file) !== null) return place;
    const start: Place = { file: 0, start: 0, end: 0 };
    return related.find((r) => this.textOf(r.file) !== null) ?? start;
  }

  /** All that was found about the text: in it, and in the files that it was read with. Its own URI is always there. */
  diagnostics(document: Document): Published {
    const published: Published = new Map([[this.text.uri, []]]);
    for (const d of document.analysis.diagnostics) {
      const place = this.placeOf(d);
      const text = this.textOf(place.file) ?? this.text;
      const known = published.get(text.uri);
      const made = this.placed(d, place, text);
      if (known === undefined) published.set(text.uri, [made]);
      else known.push(made);
    }
    return published;
  }

  edits(edits: readonly Edit[]): lsp.TextEdit[] {
    return edits.map((e) => ({ range: this.range(e), newText: e.newText }));
  }

  /** By the file that each belongs to; null where one of them cannot be changed. */
  private changes(edits: readonly TextEdit[]): Record<string, lsp.TextEdit[]> | null {
    const changes: Record<string, lsp.TextEdit[]> = {};
    for (const e of edits) {
      const text = this.textOf(e.file);
      if (text === null) return null;
      (changes[text.uri] ??= []).push({ range: rangeIn(text, e), newText: e.newText });
    }
    return changes;
  }

  /** Null for a change of the standard library. */
  codeAction(fix: QuickFix): lsp.CodeAction | null {
    const changes = this.changes(fix.edits);
    if (changes === null) return null;
    return {
      title: fix.title,
      kind: 'quickfix',
      diagnostics: [this.diagnostic(fix.diagnostic)],
      isPreferred: fix.preferred,
      edit: { changes },
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
