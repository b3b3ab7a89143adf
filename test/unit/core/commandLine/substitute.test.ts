import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { ServerError } from '../../../../src/core/server/errors.js';
import { substituteValues, type SubstitutedLine } from '../../../../src/core/commandLine/substitute.js';

/** Substitutes `value` for every `@` of the line. */
function substituted(line: string, value: string, shell: string): SubstitutedLine | string {
  const values = [...line.matchAll(/@/gu)].map(({ index }) => ({ text: '@', index, value }));
  try {
    return substituteValues(line, values, shell);
  } catch (error) {
    return error instanceof ServerError ? error.message : String(error);
  }
}

const one = 'DEV_SERVER_REGISTRY_VALUE_1';

describe('a value in a line for a shell', () => {
  it('is inserted into the line if every shell takes it literally', () => {
    for (const shell of ['/bin/sh', 'fish', 'pwsh', 'cmd.exe', 'nu']) {
      assert.deepEqual(substituted('serve --api "@" @', 'http://localhost:3000', shell), {
        line: 'serve --api "http://localhost:3000" http://localhost:3000',
        env: {},
      });
    }
  });

  it('reaches a POSIX shell through the environment, as one word inside and outside of quotation marks', () => {
    const env = { [one]: 'a b' };
    assert.deepEqual(substituted('x @/y', 'a b', '/bin/sh'), { line: `x "$${one}"/y`, env });
    assert.deepEqual(substituted('x "pre @/y"', 'a b', '/bin/zsh'), { line: `x "pre ""$${one}""/y"`, env });
    assert.deepEqual(substituted("x 'pre @/y'", 'a b', 'fish'), { line: `x 'pre '"$${one}"'/y'`, env });
    assert.deepEqual(substituted('x \\"@', 'a b', 'bash'), { line: `x \\""$${one}"`, env });
    assert.deepEqual(substituted(`x "it's \\" @"`, 'a b', 'bash'), { line: `x "it's \\" ""$${one}"""`, env });
  });

  it('reaches PowerShell through the environment, but not between single quotation marks', () => {
    const env = { [one]: '$(x)' };
    assert.deepEqual(substituted('x --y="@/z" @', '$(x)', 'C:\\PowerShell\\7\\pwsh.exe'), {
      line: `x --y="\${env:${one}}/z" \${env:DEV_SERVER_REGISTRY_VALUE_2}`,
      env: { ...env, DEV_SERVER_REGISTRY_VALUE_2: '$(x)' },
    });
    assert.equal(
      substituted("x '@'", '$(x)', 'pwsh'),
      'The value of @ cannot be passed to pwsh safely here.',
    );
  });

  it('is quoted for cmd.exe, and refused if it could end the quotation', () => {
    const path = 'C:\\Program Files (x86)\\a & b';
    assert.deepEqual(substituted('x @ "@\\y"', path, 'C:\\Windows\\System32\\cmd.exe'), {
      line: `x "${path}" "${path}\\y"`,
      env: {},
    });
    assert.deepEqual(substituted('x ^"@', path, 'cmd'), { line: `x ^""${path}"`, env: {} });
    for (const value of ['a"b', '%PATH%', 'a!b', 'a\nb']) {
      assert.equal(
        substituted('x @', value, 'cmd.exe'),
        'The value of @ cannot be passed to cmd safely here.',
      );
    }
  });

  it('is refused for an unknown shell unless every shell takes it literally', () => {
    assert.equal(
      substituted('x @', 'a b', '/usr/bin/nu'),
      'The value of @ cannot be passed to nu safely here.',
    );
    assert.equal(
      substituted('x @', '', 'toString'),
      'The value of @ cannot be passed to tostring safely here.',
    );
  });
});
