import { splitName } from './nameWords.js';

/** Programs that store data or pass messages, by the names of their commands and images. */
export const stores: ReadonlySet<string> = new Set(
  'postgres postgresql mysql mariadb redis valkey mongo mongodb clickhouse elasticsearch opensearch kafka rabbitmq minio'.split(
    ' ',
  ),
);

/** Other words for what a server needs, but developers do not open. */
const needed: ReadonlySet<string> = new Set(
  'db dbs database databases pg deps dependencies infra infrastructure'.split(' '),
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
  return words.length > 0 && words.every((word) => stores.has(word) || needed.has(word));
}
