import type { Service } from './composeFiles.js';
import { stores } from '../../scripts/stores.js';
import { imageName } from './imageName.js';

/** Names of other programs that a project stores data in, sends messages through, or is watched by. */
const supporting: ReadonlySet<string> = new Set(
  [
    'postgis pgvector timescaledb pgbouncer percona keydb dragonfly memcached kafka-connect schema-registry redpanda',
    'zookeeper nats pulsar mosquitto ferretdb kibana opensearch-dashboards typesense meilisearch qdrant weaviate milvus',
    'cassandra scylla neo4j couchdb influxdb libsql-server etcd consul vault mc azurite localstack',
    'elasticmq fake-gcs-server mailhog mailpit mailcatcher maildev smtp4dev adminer pgadmin pgadmin4 pgweb phpmyadmin',
    'mongo-express redis-commander redisinsight redis-stack kafka-ui ch-ui prometheus grafana loki tempo jaeger zipkin',
    'opentelemetry-collector opentelemetry-collector-contrib otel-lgtm alertmanager node-exporter cadvisor toxiproxy',
    'mock-oauth2-server openldap keycloak wiremock temporal auto-setup admin-tools go-httpbin electric busybox',
    'simplesamlphp servicebus-emulator',
  ].flatMap((line) => line.split(' ')),
);

/** Number of databases and similar programs from which on a file with other images is about them. */
const minSupporting = 4;

/** Images whose last name alone says nothing. */
const generalName =
  /(?:^|\/)(?:mssql\/server|jaegertracing\/all-in-one|temporalio\/(?:ui|server))(?:[:@]|$)/u;

/** Returns whether an image is that of a database or another program that supports the services of a project. */
export function isSupportingImage(image: string): boolean {
  // Distributors put words before and after the name: `cp-kafka`, `redis-cluster`.
  const name = imageName(image).toLowerCase();
  const plain = name.replace(
    /^(?:cp|bitnami|eclipse|alpine|docker)-|-(?:cluster|alpine|server|ha|documentdb)$/gu,
    '',
  );
  return [name, plain].some((each) => stores.has(each) || supporting.has(each)) || generalName.test(image);
}

/** Returns whether a service runs sources of the project. A database only keeps its data in a folder of the project. */
export function runsOwnSources({ isBuilt, hasSources, image = '' }: Service): boolean {
  return isBuilt || (hasSources && !isSupportingImage(image));
}

/**
 * Returns whether services only support those of the project, and none of them is a part of it. Among several databases,
 * an unknown image is no part of it either.
 */
export function areSupporting(services: readonly Service[]): boolean {
  const complete = services.filter(({ isComplete }) => isComplete);
  const supportingCount = complete.filter(({ image = '' }) => isSupportingImage(image)).length;
  const isMost = supportingCount >= minSupporting && supportingCount * 2 > complete.length;
  return (
    complete.length > 0 &&
    complete.every((service) => !runsOwnSources(service) && service.image !== undefined) &&
    (isMost || supportingCount === complete.length)
  );
}
