import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { commandsFor, fixtureProjects, listedFor } from '../support/fixtureProjects.js';

/** Small projects with the structure of public repositories; their commands were copied from the documentation. */
describe('Discovery lists what the documentation names, for a project like', () => {
  for (const project of fixtureProjects('documented')) {
    it(project.name, async () => {
      const commands = await commandsFor(project);
      assert.deepEqual(
        project.documented.filter((command) => !commands.includes(command)),
        [],
        `missing, in ${commands.join(', ')}`,
      );
      assert.deepEqual(await listedFor(project), project.listed);
    });
  }
});
