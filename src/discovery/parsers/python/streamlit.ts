import type { FileParser, Findings, FolderFacts } from '../../files/fileParser.js';
import { baseName, folderOf, joinPath } from '../../files/relativePath.js';
import { noFindings, singleServer } from '../shared/findings.js';
import { sourceLines } from '../shared/sourceText.js';
import { pythonTool } from './python.js';

/** Usual names of entry files. */
const entryNames: readonly string[] = [
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
];

/** Files that list the packages of a project. */
const requirementNames: readonly string[] = ['requirements.txt', 'pyproject.toml'];

/** Maximum number of files with other names that are read in a folder. */
const maxOtherFiles = 20;

/** Finds the entry files of Streamlit; those in `pages` belong to the file above them. */
export const streamlit: FileParser = {
  source: 'streamlit',
  patterns: [...entryNames, ...requirementNames],
  parse({ path, text }, facts) {
    const folder = folderOf(path);
    const name = baseName(path);
    if (requirementNames.includes(name)) return otherEntries({ name, folder, text }, facts);
    if (!isEntry(text) || baseName(folder) === 'pages') return noFindings;
    return singleServer(entryServer(name, folder, facts));
  },
};

/** Returns the entry files in a project folder whose requirements list Streamlit. These may have any name. */
function otherEntries(
  { name, folder, text }: { readonly name: string; readonly folder: string; readonly text: string },
  facts: FolderFacts,
): Findings {
  const names = facts.names(folder);
  const known = name === 'requirements.txt' ? undefined : facts.text(joinPath(folder, 'requirements.txt'));
  // One of the two files is enough.
  if (!needsStreamlit(text) || needsStreamlit(known ?? '')) return noFindings;
  if (entryNames.some((each) => names.has(each))) return noFindings;
  const candidates = [...names].filter(
    (file) => file.endsWith('.py') && !/^(?:test_|conftest|setup)|_test\.py$/u.test(file),
  );
  const sources = candidates
    .toSorted()
    .slice(0, maxOtherFiles)
    .map((file) => ({ file, source: facts.text(joinPath(folder, file)) ?? '' }));
  // An imported module draws only inside functions, not at the top level.
  const entries = sources.filter(({ source }) => isEntry(source, /^(?:with )?(?:st|streamlit)\.\w/u));
  const servers = entries.map(({ file }) =>
    Object.assign(entryServer(file, folder, facts), { file: joinPath(folder, file) }),
  );
  return { servers, problems: [] };
}

function needsStreamlit(requirements: string): boolean {
  return /^[\s"']{0,9}streamlit\b(?!-)/mu.test(requirements);
}

function isEntry(text: string, drawing = /^\s{0,99}(?:st|streamlit)\.\w/u): boolean {
  const code = sourceLines(text);
  return (
    code.some((line) => /^(?:import streamlit\b|from streamlit\b)/u.test(line)) &&
    code.some((line) => drawing.test(line))
  );
}

function entryServer(name: string, folder: string, facts: FolderFacts): Findings['servers'][number] {
  const command = pythonTool(folder, 'streamlit', ['run', name], facts);
  return { name: `streamlit ${name}`, command, port: 8501 };
}
