import { readdirSync, readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import { Settings } from '../src/platform/config/settings.js';
import { BuiltService, environmentOf } from './support/built.js';
import { migratedDatabase } from './support/migrated-database.js';
import type { Scratch } from './support/scratch-database.js';

interface Manifest {
  readonly kind: string;
  readonly data?: Record<string, string>;
  readonly stringData?: Record<string, string>;
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[];
}

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

/** Of Prometheus itself, not of who is scraped. */
const PROMETHEUS = ['up'];
const WORD = /\b(?:up|(?:provost|process|nodejs)_[a-z0-9_]+)\b/g;
const KUBERNETES = 'deploy/kubernetes';

const textOf = (file: string): string => readFileSync(file, 'utf8');

describe('the files under deploy/', () => {
  let scratch: Scratch;
  let service: BuiltService;
  beforeAll(async () => {
    scratch = await migratedDatabase();
    service = await BuiltService.start(environmentOf(scratch));
  });
  afterAll(async () => {
    await service.stop();
    await scratch.drop();
  });

  it('watch metrics that a running service has', async () => {
    const { groups } = parse(textOf('deploy/monitoring/alert-rules.yml')) as Rules;
    const { panels } = JSON.parse(textOf('deploy/monitoring/grafana-dashboard.json')) as Dashboard;
    const expressions = [...groups.flatMap(({ rules }) => rules), ...panels.flatMap(({ targets }) => targets)].map(({ expr }) => expr);
    const watched = new Set(expressions.flatMap((expression) => expression.match(WORD) ?? []));
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    const served = [...metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) => (type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name!]));
    expect(watched.size).toBeGreaterThan(15);
    expect([...watched].filter((name) => !served.includes(name) && !PROMETHEUS.includes(name))).toEqual([]);
  });

  it('give settings that there are', () => {
    const manifests = readdirSync(KUBERNETES).flatMap((file) => parseAllDocuments(textOf(`${KUBERNETES}/${file}`)).map((document) => document.toJS() as Manifest));
    const compose = parse(textOf('docker/compose.yaml')) as { services: { provost: { environment: object } } };
    const unit = [...textOf('deploy/systemd/provost.service').matchAll(/^Environment=(.*)$/gm)].flatMap(([, settings]) => settings!.split(' ').map((each) => each.split('=')[0]!));
    const given = [...manifests.flatMap(({ data, stringData }) => Object.keys({ ...data, ...stringData })), ...Object.keys(compose.services.provost.environment), ...unit];
    const known = textOf('.env.example').match(/^#[A-Z0-9_]+(?==)/gm)!.map((line) => line.slice(1));
    expect(given.length).toBeGreaterThan(10);
    expect(given.filter((name) => !known.includes(name) && name !== 'NODE_ENV')).toEqual([]);
  });

  it('ask for health where it is answered, and leave a stop the time that it takes', async () => {
    const paths = [...textOf(`${KUBERNETES}/provost.yaml`).matchAll(/path: (\/health\S*),/g)].map(([, path]) => path!);
    expect(paths).toHaveLength(3);
    for (const path of paths) expect((await fetch(service.url + path)).status).toBe(200);
    const seconds = Number(/TimeoutStopSec=(\d+)/.exec(textOf('deploy/systemd/provost.service'))![1]);
    expect(seconds).toBeGreaterThan(new Settings().shutdownSeconds);
  });
});
