import type { FileParser, FolderFacts } from '../../files/fileParser.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { ancestorFolders, baseName, folderOf } from '../../files/relativePath.js';
import { isStartedByProgram } from './declaredPrograms.js';
import { pythonCommand } from './python.js';

/** Finds `manage.py`, which `django-admin startproject` creates. */
export const django: FileParser = {
  source: 'django',
  patterns: ['manage.py'],
  parse({ path, text }, facts) {
    // Other frameworks also have scripts with this name.
    if (!text.includes('django') || !/\b(?:execute_from_command_line|DJANGO_SETTINGS_MODULE)\b/u.test(text)) {
      return noFindings;
    }
    if (refusesServer(text) || isModule(folderOf(path), facts)) return noFindings;
    const command = pythonCommand(folderOf(path), ['manage.py', 'runserver'], facts);
    const project = /DJANGO_SETTINGS_MODULE["'],\s{0,9}["']([A-Za-z_]\w{0,99})\./u.exec(text)?.[1];
    const apps = project === undefined ? [] : [`${project}.asgi`, `${project}.wsgi`];
    return singleServer({
      name: 'runserver',
      command,
      port: 8000,
      ...(apps.length > 0 && { traits: { apps } }),
    });
  },
};

/** Returns whether a `manage.py` ends unless its command is in a list without the server. */
function refusesServer(text: string): boolean {
  const ends = /\b(?:SystemExit|sys\.exit)\(/u.test(text);
  return ends && /\ballowed\w*\s*=\s*[[({](?![^\])}]*runserver)/u.test(text);
}

/**
 * Returns whether a `manage.py` is a module of a package, which is installed, of a project that has its own one or
 * declares a program that starts its server.
 */
function isModule(folder: string, facts: FolderFacts): boolean {
  const has = (at: string, name: string): boolean => facts.names(at).has(name);
  return (
    has(folder, '__init__.py') &&
    (isStartedByProgram(folder, baseName(folder), facts) ||
      ancestorFolders(folder)
        .slice(1)
        .some((above) => has(above, 'manage.py')))
  );
}
