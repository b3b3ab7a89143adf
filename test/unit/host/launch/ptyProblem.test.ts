import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { ptyProblem } from '../../../../src/host/launch/ptyProblem.js';

const ofNodePty = (reason: string): string =>
  `Failed to load native module: pty.node, checked: build/Release, build/Debug, prebuilds/linux-x64: ${reason}`;

describe('the reason why node-pty cannot be loaded', () => {
  it('names musl, in one sentence', () => {
    // The text of the loader of musl 1.2.3 for the binary of node-pty 1.2.0-beta.15.
    const reason =
      'Error: Error loading shared library libstdc++.so.6: No such file or directory (needed by /a b/pty.node)';
    assert.equal(
      ptyProblem(ofNodePty(reason), true),
      'it has no binary for musl, the C library of Alpine Linux',
    );
    assert.equal(
      ptyProblem(ofNodePty(reason), false),
      'Error loading shared library libstdc++.so.6: No such file or directory',
    );
  });

  it('is the message of the system, without paths', () => {
    assert.equal(
      ptyProblem(ofNodePty('Error: /a: b/pty.node: invalid ELF header'), false),
      'invalid ELF header',
    );
    assert.equal(
      ptyProblem(
        ofNodePty(`Error: Cannot find module './prebuilds/linux-x64/pty.node'\nRequire stack:\n- x`),
        false,
      ),
      "Cannot find module './prebuilds/linux-x64/pty.node'",
    );
    assert.equal(
      ptyProblem("Cannot find module 'node-pty'\nRequire stack", false),
      "Cannot find module 'node-pty'",
    );
  });
});
