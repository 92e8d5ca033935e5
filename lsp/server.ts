/** The language server: it passes an editor's questions about the texts in `workspace.ts` on to `src/service/`. */
import type { Connection } from 'vscode-languageserver/node';
import {
  createConnection,
  DidChangeWatchedFilesNotification,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Host } from '../src/service/index.ts';
import { fixesAt, formatting, hover, symbols } from '../src/service/index.ts';
import { Converter } from './convert.ts';
import { Workspace } from './workspace.ts';

declare const WBFC_VERSION: string | undefined;

/** Serves an editor until it says goodbye or closes the streams. */
export function listen(connection: Connection, host: Host): void {
  const texts = new TextDocuments(TextDocument);
  const workspace = new Workspace(connection, texts, host);
  let watches = false;

  connection.onInitialize(({ capabilities: client }) => {
    watches = client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    return {
      serverInfo: { name: 'wbfc', ...(typeof WBFC_VERSION === 'string' ? { version: WBFC_VERSION } : {}) },
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Full },
        hoverProvider: true,
        definitionProvider: true,
        documentSymbolProvider: true,
        codeActionProvider: { codeActionKinds: ['quickfix'] },
        documentFormattingProvider: true,
        documentRangeFormattingProvider: true,
      },
    };
  });

  connection.onInitialized(() => {
    if (!watches) return;
    const watchers = [{ globPattern: '**/*.{wbf,csv,tsv,json,yaml,yml,lock}' }];
    void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) workspace.fileChanged(uri);
  });

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

  connection.onDefinition(({ textDocument, position }) => workspace.definition(textDocument.uri, position));

  connection.onCodeAction(({ textDocument, range, context }) => {
    if (context.only !== undefined && !context.only.some((k) => k === '' || k === 'quickfix')) return [];
    const state = workspace.current(textDocument.uri);
    if (state === null) return [];
    const span = { start: state.text.offsetAt(range.start), end: state.text.offsetAt(range.end) };
    return fixesAt(state.document, span).flatMap((fix) => state.convert.codeAction(fix) ?? []);
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
export function serve(host: Host): void {
  listen(createConnection(process.stdin, process.stdout), host);
}
