import type { FileParser } from '../../files/fileParser.js';
import { composerScripts } from './composer.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { folderOf, baseName } from '../../files/relativePath.js';

/** Finds `artisan`, and the scripts of the `composer.json` next to it. Its script `dev` also runs queues and Vite. */
export const laravel: FileParser = {
  source: 'laravel',
  patterns: ['artisan', 'composer.json'],
  parse({ path, text }, facts) {
    if (baseName(path) === 'composer.json') {
      return facts.names(folderOf(path)).has('artisan') ? composerScripts(text, facts.l10n) : noFindings;
    }
    if (!text.includes('Illuminate') && !text.includes('bootstrap/app.php')) return noFindings;
    const command = { kind: 'argv', file: 'php', args: ['artisan', 'serve'] } as const;
    return singleServer({ name: 'artisan serve', command, port: 8000 });
  },
};
