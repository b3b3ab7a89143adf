import { splitName } from './nameWords.js';

/** Words for programs that a server needs, but that developers do not open. */
const stores: ReadonlySet<string> = new Set(
  'db dbs database databases postgres postgresql pg mysql mariadb redis valkey mongo mongodb clickhouse elasticsearch opensearch kafka rabbitmq minio deps dependencies infra infrastructure'.split(
    ' ',
  ),
);

/** Words that say nothing about what is started. */
const general: ReadonlySet<string> = new Set(
  'start run up serve dev local develop development docker compose container containers service services server only the and all with'.split(
    ' ',
  ),
);

/** Returns whether a name is that of a database or of another program that a server needs: `up_db`, `redis`. */
export function isStoreName(name: string): boolean {
  const words = splitName(name).filter((word) => !general.has(word));
  return words.length > 0 && words.every((word) => stores.has(word));
}
