import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { fastapi } from '../../../../../src/discovery/parsers/python/fastapi.js';
import { found } from '../../support/workspace.js';

/** From the first steps of FastAPI. */
const firstSteps = `from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root():
    return {"message": "Hello World"}
`;

/** From the full stack template of FastAPI. */
const template = `import sentry_sdk
from fastapi import FastAPI
from app.core.config import settings

app = FastAPI(
    title=settings.PROJECT_NAME,
    openapi_url=f"{settings.API_V1_STR}/openapi.json",
)
`;

describe('A FastAPI app', () => {
  it('is served by uvicorn', () => {
    assert.deepEqual(found(fastapi, { 'main.py': firstSteps }), [
      'main.py › fastapi main: python3 -m uvicorn main:app --reload (:8000)',
    ]);
  });

  it('in a package is served from above it, with the environment there', () => {
    const files = { 'backend/app/__init__.py': '', 'backend/app/main.py': template, 'backend/uv.lock': '' };
    assert.deepEqual(found(fastapi, files), [
      'backend/app/main.py › fastapi app.main: uv run python -m uvicorn app.main:app --reload (in backend, :8000)',
    ]);
  });

  it('may have another name, a type, or a factory', () => {
    assert.deepEqual(
      found(fastapi, {
        'api.py': 'import fastapi\napi: fastapi.FastAPI = fastapi.FastAPI(title="x")\n',
        'app.py': 'def create_app():\n    app = FastAPI()\n    return app\n',
      }),
      [
        'api.py › fastapi api: python3 -m uvicorn api:api --reload (:8000)',
        'app.py › fastapi app: python3 -m uvicorn app:create_app --reload --factory (:8000)',
      ],
    );
  });

  it('that starts uvicorn itself is run as it is', () => {
    const own = `${firstSteps}\nif __name__ == "__main__":\n    uvicorn.run("main:app", port=9000)\n`;
    assert.deepEqual(found(fastapi, { 'main.py': own, 'service/__init__.py': '', 'service/main.py': own }), [
      'main.py › fastapi main: python3 main.py',
      'service/main.py › fastapi service.main: python3 -m service.main',
    ]);
  });

  it('is not listed if it cannot be named from outside', () => {
    assert.deepEqual(found(fastapi, { 'main.py': 'def test():\n    client = TestClient(FastAPI())\n' }), []);
  });
});
