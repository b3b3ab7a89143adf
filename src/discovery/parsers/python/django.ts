import type { FileParser } from '../../files/fileParser.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { folderOf } from '../../files/relativePath.js';
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
