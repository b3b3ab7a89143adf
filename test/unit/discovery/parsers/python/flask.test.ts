import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { flask } from '../../../../../src/discovery/parsers/python/flask.js';
import { found } from '../../support/workspace.js';

/** From the quick start of Flask. */
const quickStart = `from flask import Flask

app = Flask(__name__)

@app.route("/")
def hello_world():
    return "<p>Hello, World!</p>"
`;

describe('A Flask app', () => {
  it('is run by the name of its module', () => {
    assert.deepEqual(found(flask, { 'hello.py': quickStart }), [
      'hello.py › flask hello: python3 -m flask --app hello run (:5000)',
    ]);
  });

  it('in a package is run from above it', () => {
    assert.deepEqual(found(flask, { 'backend/shop/__init__.py': '', 'backend/shop/app.py': quickStart }), [
      'backend/shop/app.py › flask shop.app: python3 -m flask --app shop.app run (in backend, :5000)',
    ]);
  });

  it('may be created by a factory', () => {
    const wsgi = 'from shop import create_app\n\napp = create_app()\n';
    assert.deepEqual(found(flask, { 'wsgi.py': wsgi }), [
      'wsgi.py › flask wsgi: python3 -m flask --app wsgi run (:5000)',
    ]);
    const factory = 'import flask\n\ndef create_app():\n    app = flask.Flask(__name__)\n    return app\n';
    assert.deepEqual(found(flask, { 'app.py': factory }), [
      'app.py › flask app: python3 -m flask --app app run (:5000)',
    ]);
  });

  it('that starts itself on its own port is run as it is', () => {
    const own = (port: string) =>
      `${quickStart}\nif __name__ == "__main__":\n    app.run(debug=True, port=${port})\n`;
    assert.deepEqual(found(flask, { 'app.py': own('5050'), '.venv/bin/python': '' }), [
      'app.py › app.py: .venv/bin/python app.py (:5050)',
    ]);
    assert.deepEqual(found(flask, { 'app.py': own('int(os.environ["PORT"])') }), [
      'app.py › app.py: python3 app.py',
    ]);
  });

  it('is neither a file that only mentions one nor a file that Python could not import', () => {
    assert.deepEqual(
      found(flask, {
        'app.py': 'from flask import request\nMyFlask(1)\n# app = Flask(__name__)\n',
        'api.py': '"""Adds routes to an app of flask.\n\napp = Flask(__name__)\n"""\nimport flask\n',
        'run.py':
          "import flask\n\n\ndef add(app):\n    '''Use it so:\n\n    app = Flask(__name__)\n    '''\n",
        'server.py': 'import flask\n\nclass Flask(flask.Flask):\n    pass\n',
        'wsgi.py':
          'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
        'a-b/__init__.py': '',
        'a-b/app.py': quickStart,
      }),
      [],
    );
  });
});
