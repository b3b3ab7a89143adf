import type { FileParser } from '../../files/fileParser.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { folderOf } from '../../files/relativePath.js';
import { pythonCommand } from './python.js';

/** Finds `manage.py`, which `django-admin startproject` creates. */
export const django: FileParser = {
  source: 'django',
  patterns: ['manage.py'],
  parse({ path, text }, facts) {
    // Other frameworks have scripts of this name too.
    if (!text.includes('django') || !/\b(?:execute_from_command_line|DJANGO_SETTINGS_MODULE)\b/u.test(text)) {
      return noFindings;
    }
    const command = pythonCommand(folderOf(path), ['manage.py', 'runserver'], facts);
    return singleServer({ name: 'runserver', command, port: 8000 });
  },
};
