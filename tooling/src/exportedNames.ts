import ts from 'typescript';

/** The names that an index file exports, sorted; types carry the prefix `type`. Throws on `export *`, which hides them. */
export function exportedNames(source: string): string[] {
  const file = ts.createSourceFile('index.ts', source, ts.ScriptTarget.Latest, true);
  return file.statements.flatMap((statement) => namesOf(statement, file)).sort();
}

function namesOf(statement: ts.Statement, file: ts.SourceFile): string[] {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause, isTypeOnly } = statement;
    if (!exportClause || !ts.isNamedExports(exportClause)) {
      const { line } = file.getLineAndCharacterOfPosition(statement.getStart());
      throw new Error(`src/index.ts:${line + 1}: list every export by name instead of \`${statement.getText()}\`.`);
    }
    return exportClause.elements.map((element) => label(element.name.text, isTypeOnly || element.isTypeOnly));
  }
  if (!ts.canHaveModifiers(statement) || !isExported(statement)) return [];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((declaration) => declaration.name.getText());
  }
  const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  return [label(ts.getNameOfDeclaration(statement as ts.DeclarationStatement)?.getText() ?? 'default', isType)];
}

function isExported(node: ts.HasModifiers): boolean {
  return ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function label(name: string, isType: boolean): string {
  return isType ? `type ${name}` : name;
}
