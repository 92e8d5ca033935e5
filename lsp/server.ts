/**
 * The language server: it keeps the texts that an editor has open and passes its questions on to
 * `src/service/`.
 */
import type { Connection } from 'vscode-languageserver/node';
import { createConnection, TextDocuments, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Document } from '../src/service/index.ts';
import {
  fixesAt,
  formatting,
  hover,
  internalDiagnostic,
  readDocument,
  symbols,
} from '../src/service/index.ts';
import { Converter } from './convert.ts';

declare const WBFC_VERSION: string | undefined;

/** A text is read anew when nothing has been typed for so long. */
const PAUSE_MS = 30;

interface Read {
  readonly version: number;
  readonly document: Document;
}

/** The open texts and what is known of them. */
class Workspace {
  private readonly connection: Connection;
  private readonly texts: TextDocuments<TextDocument>;
  private readonly read = new Map<string, Read>();
  /** Why a text could not be read: a defect of ours. */
  private readonly failures = new Map<string, unknown>();
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(connection: Connection, texts: TextDocuments<TextDocument>) {
    this.connection = connection;
    this.texts = texts;
  }

  /** The text as it is now, with what is known of it; null when it is not open or cannot be read. */
  current(uri: string): { text: TextDocument; document: Document; convert: Converter } | null {
    const text = this.texts.get(uri);
    if (text === undefined) return null;
    let known = this.read.get(uri);
    if (known?.version !== text.version) {
      try {
        known = { version: text.version, document: readDocument(pathOf(uri), text.getText()) };
      } catch (error) {
        // A defect of ours must not take the editor's server away.
        this.failures.set(uri, error);
        this.connection.console.error(
          `internal error in ${uri}: ${error instanceof Error ? (error.stack ?? '') : ''}`,
        );
        return null;
      }
      this.read.set(uri, known);
    }
    return { text, document: known.document, convert: new Converter(text) };
  }

  /** Publishes the diagnostics of the latest text soon; a burst of changes is answered once. */
  changed(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.timers.set(
      uri,
      setTimeout(() => {
        this.timers.delete(uri);
        this.publish(uri);
      }, PAUSE_MS),
    );
  }

  private publish(uri: string): void {
    const text = this.texts.get(uri);
    if (text === undefined) return;
    const state = this.current(uri);
    const diagnostics =
      state === null
        ? [new Converter(text).diagnostic(internalDiagnostic(this.failures.get(uri)))]
        : state.convert.diagnostics(state.document);
    void this.connection.sendDiagnostics({ uri, version: text.version, diagnostics });
  }

  closed(uri: string): void {
    clearTimeout(this.timers.get(uri));
    this.timers.delete(uri);
    this.read.delete(uri);
    this.failures.delete(uri);
    void this.connection.sendDiagnostics({ uri, diagnostics: [] });
  }
}

/** The path in a URI, for the name of the program. */
function pathOf(uri: string): string {
  try {
    return decodeURIComponent(new URL(uri).pathname);
  } catch {
    return uri;
  }
}

/** Serves an editor until it says goodbye or closes the streams. */
export function listen(connection: Connection): void {
  const texts = new TextDocuments(TextDocument);
  const workspace = new Workspace(connection, texts);

  connection.onInitialize(() => ({
    serverInfo: { name: 'wbfc', ...(typeof WBFC_VERSION === 'string' ? { version: WBFC_VERSION } : {}) },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Full },
      hoverProvider: true,
      documentSymbolProvider: true,
      codeActionProvider: { codeActionKinds: ['quickfix'] },
      documentFormattingProvider: true,
      documentRangeFormattingProvider: true,
    },
  }));

  // Opening counts as a change.
  texts.onDidChangeContent(({ document }) => {
    workspace.changed(document.uri);
  });
  texts.onDidClose(({ document }) => {
    workspace.closed(document.uri);
  });

  connection.onHover(({ textDocument, position }) => {
    const state = workspace.current(textDocument.uri);
    if (state === null) return null;
    const found = hover(state.document, state.text.offsetAt(position));
    if (found === null) return null;
    return { contents: { kind: 'markdown', value: found.text }, range: state.convert.range(found.span) };
  });

  connection.onCodeAction(({ textDocument, range, context }) => {
    if (context.only !== undefined && !context.only.some((k) => k === '' || k === 'quickfix')) return [];
    const state = workspace.current(textDocument.uri);
    if (state === null) return [];
    const span = { start: state.text.offsetAt(range.start), end: state.text.offsetAt(range.end) };
    return fixesAt(state.document, span).map((fix) => state.convert.codeAction(fix));
  });

  connection.onDocumentSymbol(({ textDocument }) => {
    const state = workspace.current(textDocument.uri);
    return state === null ? [] : symbols(state.document).map((s) => state.convert.symbol(s));
  });

  connection.onDocumentFormatting(({ textDocument }) => {
    const text = texts.get(textDocument.uri);
    return text === undefined ? [] : new Converter(text).edits(formatting(text.getText()));
  });

  connection.onDocumentRangeFormatting(({ textDocument, range }) => {
    const text = texts.get(textDocument.uri);
    if (text === undefined) return [];
    const within = { start: text.offsetAt(range.start), end: text.offsetAt(range.end) };
    return new Converter(text).edits(formatting(text.getText(), within));
  });

  texts.listen(connection);
  connection.listen();
}

/** `wbfc lsp --stdio` */
export function serve(): void {
  listen(createConnection(process.stdin, process.stdout));
}
