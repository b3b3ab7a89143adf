/** Words in names and titles that say nothing about a project. */
export const generalNames: ReadonlySet<string> = new Set(
  [
    'about api app backend client contributing dev developer development docker frontend getting guide how installation',
    'introduction main monorepo overview project quick quickstart readme repo root running server setup site the this',
    'using web welcome workspace',
  ].flatMap((line) => line.split(' ')),
);
