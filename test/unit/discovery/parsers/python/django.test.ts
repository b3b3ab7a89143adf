import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { django } from '../../../../../src/discovery/parsers/python/django.js';
import { found } from '../../support/workspace.js';

/** Written by `django-admin startproject`. */
const managePy = `#!/usr/bin/env python
"""Django's command-line utility for administrative tasks."""
import os
import sys


def main():
    """Run administrative tasks."""
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')
    try:
        from django.core.management import execute_from_command_line
    except ImportError as exc:
        raise ImportError("Couldn't import Django.") from exc
    execute_from_command_line(sys.argv)


if __name__ == '__main__':
    main()
`;

describe('A Django project', () => {
  it('is served by its manage.py', () => {
    assert.deepEqual(found(django, { 'manage.py': managePy }), [
      'manage.py › runserver: python3 manage.py runserver (:8000)',
    ]);
    assert.deepEqual(found(django, { 'manage.py': managePy }, { system: 'windows' }), [
      'manage.py › runserver: py manage.py runserver (:8000)',
    ]);
  });

  it('runs in the nearest environment in its folder or above', () => {
    const files = { 'apps/shop/manage.py': managePy, '.venv/pyvenv.cfg': '', '.venv/bin/python': '' };
    assert.deepEqual(found(django, files), [
      'apps/shop/manage.py › runserver: ../../.venv/bin/python manage.py runserver (in apps/shop, :8000)',
    ]);
    assert.deepEqual(found(django, { ...files, 'apps/shop/venv/bin/python': '' }), [
      'apps/shop/manage.py › runserver: venv/bin/python manage.py runserver (in apps/shop, :8000)',
    ]);
  });

  it('uses an environment for Windows there, and none for another system', () => {
    const files = { 'shop/manage.py': managePy, '.venv/Scripts/python.exe': '' };
    assert.deepEqual(found(django, files, { system: 'windows' }), [
      String.raw`shop/manage.py › runserver: ..\.venv\Scripts\python.exe manage.py runserver (in shop, :8000)`,
    ]);
    assert.deepEqual(found(django, files), [
      'shop/manage.py › runserver: python3 manage.py runserver (in shop, :8000)',
    ]);
  });

  for (const [lock, runner] of [
    ['uv.lock', 'uv'],
    ['poetry.lock', 'poetry'],
    ['Pipfile', 'pipenv'],
  ] as const) {
    it(`without its own environment is run by ${runner} if there is a ${lock}`, () => {
      assert.deepEqual(found(django, { 'shop/manage.py': managePy, [lock]: '' }), [
        `shop/manage.py › runserver: ${runner} run python manage.py runserver (in shop, :8000)`,
      ]);
    });
  }

  it('is not any other script called manage.py', () => {
    assert.deepEqual(found(django, { 'manage.py': 'from flask_script import Manager\n' }), []);
    assert.deepEqual(found(django, { 'manage.py': '# like the one of django\nprint("hello")\n' }), []);
  });
});
