import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { consentText } from '../../../../src/core/consent/startConsent.js';
import type { ServerDefinition } from '../../../../src/core/server/definition.js';
import { questionView } from '../../../../src/core/agents/prompts.js';
import { settled } from '../support/fakeTime.js';
import { definition, english } from '../support/fakes.js';
import { agentWorld, type AgentWorld } from './agentWorld.js';

const start = { id: 'a', timeoutSeconds: 0 };

describe('an agent that starts a listed server', () => {
  async function strictWorld(): Promise<AgentWorld> {
    const world = await agentWorld();
    world.facts.agreesToAll = false;
    return world;
  }

  async function startAs(world: AgentWorld, caller = world.agent()): Promise<string> {
    const call = world.tools.call('devservers_start_server', start, caller);
    await settled();
    await world.time.pass(1);
    const { data } = await call;
    const { outcome, error } = data as { readonly outcome?: string; readonly error?: string };
    return outcome ?? error ?? '';
  }

  const redefine = (world: AgentWorld, more: Partial<ServerDefinition>): Promise<unknown> =>
    world.registry.define([definition('a', more)]);

  it('asks about a definition once, with its exact command', async () => {
    const world = await strictWorld();
    assert.deepEqual([await startAs(world), world.processes.calls], ['notAllowed', []]);
    world.facts.answer = () => Promise.resolve('accepted');
    await startAs(world);
    await world.lifecycle.stop('a');
    await startAs(world);
    assert.equal(world.questions.length, 2);
    assert.deepEqual(
      world.questions
        .map((question) => questionView(question, english))
        .at(-1)
        ?.detail.slice(0, 2),
      ['Command: npm run a', 'Folder: /shop'],
    );
  });

  const changes: Readonly<Record<string, Partial<ServerDefinition>>> = {
    command: { command: { kind: 'argv', file: 'rm', args: ['-rf', '.'] } },
    'kind of command': { command: { kind: 'shell', line: 'npm run a' } },
    shell: { command: { kind: 'shell', line: 'npm run a', shell: './evil' } },
    folder: { cwd: '/shop/other' },
    variable: { env: { NODE_OPTIONS: '--require ./evil.js' } },
    'file with variables': { envFiles: ['/shop/.env'] },
    script: { script: { body: 'evil', argumentPrefix: [] } },
    hook: { script: { body: 'vite', argumentPrefix: [], others: [['predev', 'evil']] } },
    'option for the port': { portArgument: '--port={port} --exec=evil' },
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`asks again after a change: ${name}`, async () => {
      const world = await strictWorld();
      world.facts.answer = () => Promise.resolve('accepted');
      await startAs(world);
      await world.lifecycle.stop('a');
      world.facts.answer = () => Promise.resolve('refused');
      await redefine(world, change);
      assert.deepEqual([await startAs(world), world.questions.length], ['notAllowed', 2]);
      assert.equal(world.processes.alive.size, 0);
      const [before, after] = world.questions.map((question) => questionView(question, english).detail);
      // A shell does nothing to plain words.
      if (name !== 'kind of command') assert.notDeepEqual(after, before);
    });
  }

  it('asks about the current content of the files, not about what was read last', async () => {
    const world = await strictWorld();
    world.facts.answer = () => Promise.resolve('accepted');
    await startAs(world);
    await world.lifecycle.stop('a');
    world.facts.answer = () => Promise.resolve('refused');
    world.facts.reread = async () => void (await redefine(world, { cwd: '/shop/other' }));
    assert.equal(await startAs(world), 'notAllowed');
  });

  it('asks again when the definition changes while the question is open', async () => {
    const world = await strictWorld();
    world.facts.answer = async () => {
      await redefine(world, { cwd: `/shop/${world.questions.length}` });
      return 'accepted';
    };
    assert.deepEqual([await startAs(world), world.questions.length], ['notAllowed', 3]);
    assert.equal(world.processes.alive.size, 0);
  });

  it('asks again when the file changes while the question is open and no watcher reports it', async () => {
    const world = await strictWorld();
    const script = (body: string) => redefine(world, { script: { body, argumentPrefix: [] } });
    await script('vite');
    world.facts.answer = () => {
      if (world.questions.length > 1) return Promise.resolve('refused');
      world.facts.reread = async () => void (await script('evil'));
      return Promise.resolve('accepted');
    };
    assert.deepEqual([await startAs(world), world.questions.length], ['notAllowed', 2]);
    assert.equal(world.processes.alive.size, 0);
  });

  it('asks about the servers that it depends on', async () => {
    const world = await strictWorld();
    await world.registry.define([definition('a', { dependsOn: ['b'] }), definition('b', { cwd: '/b' })]);
    await startAs(world);
    const [question] = world.questions;
    assert.deepEqual(question?.kind === 'start' && question.definitions.map(({ id }) => id), ['a', 'b']);
  });

  it('asks before a restart runs a changed definition, and leaves the server up', async () => {
    const world = await strictWorld();
    world.facts.answer = () => Promise.resolve('accepted');
    await startAs(world);
    world.facts.answer = () => Promise.resolve('refused');
    await redefine(world, { cwd: '/shop/other' });
    const { data } = await world.tools.call('devservers_restart_server', start, world.agent());
    assert.deepEqual([data['error'], world.processes.alive.size], ['notAllowed', 1]);
  });

  it('does not ask for another extension', async () => {
    const world = await strictWorld();
    const { origin } = world.agent();
    const caller = world.agent('api', { origin: { ...origin, isTrusted: true }, isTrusted: true });
    await startAs(world, caller);
    assert.deepEqual([world.questions.length, world.processes.alive.size], [0, 1]);
  });

  it('asks in the mode configuredOnly too', async () => {
    const world = await strictWorld();
    world.facts.commands = 'configuredOnly';
    assert.deepEqual([await startAs(world), world.questions.length], ['notAllowed', 1]);
  });

  const long = 'x'.repeat(1001);
  const tooLong: Readonly<Record<string, Partial<ServerDefinition>>> = {
    argument: { command: { kind: 'argv', file: 'node', args: [long] } },
    'shell line': { command: { kind: 'shell', line: `echo ${' '.repeat(1000)}; evil` } },
    'escaped characters': { command: { kind: 'shell', line: '\u202e'.repeat(200) } },
    variable: { env: { A: long } },
    script: { script: { body: long, argumentPrefix: [] } },
    hooks: { script: { body: 'x', argumentPrefix: [], others: [['predev', long]] } },
    folder: { cwd: `/${long}` },
    'folder of hidden characters': { cwd: `/${'\u202e'.repeat(200)}` },
    'files of variables': { envFiles: ['\u202e'.repeat(100), 'evil.env', '\u202e'.repeat(100)] },
    shell: { command: { kind: 'shell', line: 'x', shell: long } },
    'option for the port': { portArgument: `{port} ${long}` },
  };
  for (const [name, change] of Object.entries(tooLong)) {
    it(`is refused without a question when the question would be too long: ${name}`, async () => {
      const world = await strictWorld();
      await redefine(world, change);
      assert.deepEqual([await startAs(world), world.questions.length], ['tooLong', 0]);
    });
  }

  it('shows no hidden characters in the question', async () => {
    const world = await strictWorld();
    await redefine(world, {
      command: { kind: 'shell', line: 'vite \u202e\n```\n\u001b[8m; evil' },
      env: { 'A\nB': 'c\u200bd' },
    });
    await startAs(world);
    const [question] = world.questions;
    assert.deepEqual(question && questionView(question, english).detail.slice(0, 3), [
      String.raw`Command: vite \u202e\u000a` + '```' + String.raw`\u000a\u001b[8m; evil`,
      'Folder: /shop',
      String.raw`Environment variables: A\u000aB="c\u200bd"`,
    ]);
  });

  it('counts as agreed only for the definitions that are executed', () => {
    const presentation = { name: 'A', group: 'g', openWhenReady: true, id: 'other', folder: 'f' };
    assert.equal(consentText(definition('a')), consentText({ ...definition('a'), ...presentation }));
  });
});
