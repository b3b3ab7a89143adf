import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { fixtureProjects, listedFor } from '../support/fixtureProjects.js';

describe('Discovery lists what the documentation of a project names, for the kind', () => {
  for (const project of fixtureProjects('kinds')) {
    it(project.name, async () => {
      assert.deepEqual(await listedFor(project), project.listed);
    });
  }
});
