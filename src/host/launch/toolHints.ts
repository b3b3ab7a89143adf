const nodeHint =
  'Install Node.js. Where a version manager such as nvm, fnm or asdf provides it, set "devServers.inheritShellEnvironment" to "always", or start the editor from a terminal.';

const pythonHint = 'Install Python, or make the environment of the project, as by "python -m venv .venv".';

/** Remedies for a missing program, by its name. */
const hints: Readonly<Record<string, string>> = {
  node: nodeHint,
  npm: nodeHint,
  npx: nodeHint,
  corepack: nodeHint,
  pnpm: 'Install it by "npm install --global pnpm" or "corepack enable".',
  yarn: 'Install it by "npm install --global yarn" or "corepack enable".',
  python: pythonHint,
  python3: pythonHint,
  py: pythonHint,
  uv: 'Install uv, with which this project runs Python.',
  poetry: 'Install Poetry, with which this project runs Python.',
  pipenv: 'Install Pipenv, with which this project runs Python.',
  ruby: 'Install Ruby. Where rbenv, rvm or asdf provides it, set "devServers.inheritShellEnvironment" to "always".',
  php: 'Install PHP.',
  composer: 'Install Composer.',
  go: 'Install Go.',
  cargo: 'Install Rust by rustup, which puts it into the folder ".cargo/bin" of your home folder.',
  trunk: 'Install it by "cargo install trunk".',
  dx: 'Install it by "cargo install dioxus-cli".',
  dotnet: 'Install the .NET SDK.',
  deno: 'Install Deno.',
  bun: 'Install Bun.',
  docker: 'Install Docker, and start it.',
};

/** Returns a sentence on how to install a missing program, after a blank; empty for an unknown program. */
export function toolHint(name: string): string {
  const hint = Object.hasOwn(hints, name) ? hints[name] : undefined;
  return hint === undefined ? '' : ` ${hint}`;
}
