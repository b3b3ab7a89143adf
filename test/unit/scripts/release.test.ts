import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { releaseProblems } from '../../../scripts/lib/release.mjs';

const manifest = {
  publisher: 'shop',
  name: 'servers',
  version: '1.2.0',
  repository: 'https://github.com/shop/servers',
};
const release = {
  manifest,
  packed: manifest,
  changelog: '# Changelog\n\n## 1.2.0\n\n- More.\n',
  tag: 'v1.2.0',
};

describe('a release', () => {
  it('is published when tag, version, changelog and package agree', () => {
    assert.deepEqual(releaseProblems(release), []);
  });

  it('is refused with every reason at once', () => {
    assert.deepEqual(
      releaseProblems({
        manifest: { ...manifest, repository: 'https://github.com/__OWNER__/servers' },
        packed: { ...manifest, version: '1.1.0' },
        changelog: '## 1.1.0\n',
        tag: undefined,
      }),
      [
        'The tag is undefined, but package.json has the version 1.2.0.',
        '"repository" in package.json has a placeholder for its owner.',
        'CHANGELOG.md has no section "## 1.2.0".',
        'The package has the version 1.1.0, but package.json has 1.2.0.',
      ],
    );
  });
});
