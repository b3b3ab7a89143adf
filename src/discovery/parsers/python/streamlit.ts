import type { FileParser } from '../../files/fileParser.js';
import { baseName, folderOf } from '../../files/relativePath.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { sourceLines } from '../shared/sourceText.js';
import { pythonTool } from './python.js';

/** Finds the entry files of Streamlit; those in `pages` belong to the file above them. */
export const streamlit: FileParser = {
  source: 'streamlit',
  patterns: [
    'streamlit_app.py',
    'streamlit_main.py',
    'app.py',
    'main.py',
    'Home.py',
    'home.py',
    'Main.py',
    'App.py',
    'dashboard.py',
    'frontend.py',
    'ui.py',
    'webapp.py',
  ],
  parse({ path, text }, facts) {
    const code = sourceLines(text);
    const imports = code.some((line) => /^(?:import streamlit\b|from streamlit\b)/u.test(line));
    const draws = code.some((line) => /^\s{0,99}(?:st|streamlit)\.\w/u.test(line));
    if (!imports || !draws || baseName(folderOf(path)) === 'pages') return noFindings;
    const name = baseName(path);
    const command = pythonTool(folderOf(path), 'streamlit', ['run', name], facts);
    return singleServer({ name: `streamlit ${name}`, command, port: 8501 });
  },
};
