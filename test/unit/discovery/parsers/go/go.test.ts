import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { go } from '../../../../../src/discovery/parsers/go/go.js';
import { found } from '../../support/workspace.js';

const netHttp = `package main

import (
	"fmt"
	"log"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "hello") })
	log.Fatal(http.ListenAndServe(":8080", nil))
}
`;

const importing = (path: string) => `package main\n\nimport (\n\t"${path}"\n)\n\nfunc main() {\n}\n`;

describe('A Go module', () => {
  it('has a server if its main package listens', () => {
    assert.deepEqual(found(go, { 'api/go.mod': 'module example.com/api', 'api/main.go': netHttp }), [
      'api/main.go › api: go run . (in api)',
    ]);
    assert.deepEqual(found(go, { 'go.mod': '', 'server.go': netHttp }), ['server.go › go run: go run .']);
  });

  it('has a server for each such command, run from the folder of the module', () => {
    assert.deepEqual(
      found(go, {
        'go.mod': '',
        'cmd/api/main.go': netHttp,
        'cmd/migrate/main.go': 'package main\n\nfunc main() {\n\tmigrate()\n}\n',
        'server/main.go': netHttp,
        'examples/main.go': netHttp,
      }),
      ['cmd/api/main.go › cmd/api: go run ./cmd/api', 'server/main.go › server: go run ./server'],
    );
  });

  for (const path of [
    'github.com/gin-gonic/gin',
    'github.com/labstack/echo/v4',
    'github.com/gofiber/fiber/v2',
    'github.com/go-chi/chi/v5',
  ]) {
    it(`has a server if it imports ${path}`, () => {
      assert.deepEqual(found(go, { 'go.mod': '', 'main.go': importing(path) }), [
        'main.go › go run: go run .',
      ]);
    });
  }

  it('has no server in a library, in a comment, outside a module, or if Go would read a pattern', () => {
    assert.deepEqual(
      found(go, {
        'a/go.mod': '',
        'a/server.go': netHttp.replace('package main', 'package server'),
        'b/go.mod': '',
        'b/main.go': 'package main\n\nfunc main() {\n\t// http.ListenAndServe(":8080", nil)\n}\n',
        'c/main.go': netHttp,
        'd/go.mod': '',
        'd/cmd/.../main.go': netHttp,
        'd/cmd/x@v1/main.go': netHttp,
      }),
      [],
    );
  });
});
