import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { dotnet } from '../../../../../src/discovery/parsers/dotnet/dotnet.js';
import { found } from '../../support/workspace.js';

/** Written by `dotnet new webapi`, with a byte order mark. */
const launchSettings = `\uFEFF{
  "$schema": "https://json.schemastore.org/launchsettings.json",
  "profiles": {
    "http": {
      "commandName": "Project",
      "dotnetRunMessages": true,
      "launchBrowser": false,
      "applicationUrl": "http://localhost:5042",
      "environmentVariables": { "ASPNETCORE_ENVIRONMENT": "Development" }
    },
    "https": {
      "commandName": "Project",
      "applicationUrl": "https://localhost:7042;http://localhost:5042",
    },
    // Visual Studio's own
    "IIS Express": { "commandName": "IISExpress", "applicationUrl": "http://localhost:1" },
    "Worker": { "commandName": "Project" },
    "any host": { "commandName": "Project", "applicationUrl": "http://*:5000/" },
    "no port": { "commandName": "Project", "applicationUrl": "http://localhost" },
  }
}
`;

describe('The launch settings of .NET', () => {
  it('are servers if they start the project at an address', () => {
    assert.deepEqual(found(dotnet, { 'Api/Properties/launchSettings.json': launchSettings }), [
      'Api/Properties/launchSettings.json › http: dotnet run --launch-profile http (in Api, :5042)',
      'Api/Properties/launchSettings.json › https: dotnet run --launch-profile https (in Api, :7042)',
      'Api/Properties/launchSettings.json › any host: dotnet run --launch-profile any host (in Api, :5000)',
      'Api/Properties/launchSettings.json › no port: dotnet run --launch-profile no port (in Api)',
    ]);
  });

  it('report what is wrong with them', () => {
    const profile = '{"commandName":"Project","applicationUrl":"http://localhost:1"}';
    assert.deepEqual(
      found(dotnet, {
        'a/Properties/launchSettings.json': 'profiles',
        'b/Properties/launchSettings.json': `{"profiles":{"--x":${profile},"a\\nb":${profile},"":${profile}}}`,
        'c/Properties/launchSettings.json': '{"profiles":["http"]}',
      }),
      [
        '! a/Properties/launchSettings.json: It is not valid JSON: unexpected text on line 1, column 1',
        '! b/Properties/launchSettings.json: The profile "--x" was ignored: it starts with a dash, so it would be read as an option.',
        String.raw`! b/Properties/launchSettings.json: The profile "a\nb" was ignored: it contains a control character.`,
        '! b/Properties/launchSettings.json: The profile "" was ignored: it is empty.',
      ],
    );
  });
});
