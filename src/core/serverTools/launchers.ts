/** Launchers that pass on everything after their own flags, so that an argument added at the end reaches the tool. */
export const plainLaunchers = split(
  'cross-env, env, npx, bunx, pnpm exec, poetry run, pipenv run, uv run, bundle exec, python -m',
);

/** All programs that only start the command after their own options, as the words that they begin with. */
export const launchers = [
  ...plainLaunchers,
  ...split(`cross-env-shell, env-cmd, dotenv, dotenvx run, dotenv-flow, bun x, pnpx, pnpm dlx, yarn exec, yarn dlx,
    npm exec, npm x, doppler run, infisical run, op run, varlock run, chamber exec, aws-vault exec, pdm run, hatch run,
    rye run, uvx, exec, command, time, nice, nohup, sudo, caffeinate, portless, sh, bash, zsh`),
];

function split(list: string): readonly (readonly string[])[] {
  return list.split(/,\s+/u).map((launcher) => launcher.split(' '));
}
