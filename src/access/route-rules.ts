import { RequestMethod } from '@nestjs/common';
import { type DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { Pending } from './pending.js';
import { type Permission, PERMISSIONS, PrincipalKind } from './permission.js';
import { ANY_CALLER, AUDIENCE, OPEN_WHILE, OWNER_ONLY, PUBLIC, REQUIRED, SERVES_OUTAGE } from './requires.js';
import { type LimitedClass, RATE_CLASS, type RateClass } from './throttling/rate-class.js';

export interface RouteRule {
  readonly isPublic: boolean;
  readonly permission?: Permission;
  /** Open to every caller of its audience, whatever they may do. */
  readonly anyCaller: boolean;
  /** What callers may still have to do first. */
  readonly openWhile: readonly Pending[];
  readonly servesOutage: boolean;
  /** Closed to whoever acts as the user. */
  readonly ownerOnly: boolean;
  /** The one kind of principal it serves; without it users and applications. */
  readonly audience?: PrincipalKind;
  /** The limit for each network that it falls under. */
  readonly rateClass?: LimitedClass;
}

type Target = (...args: never[]) => unknown;
type Class = new (...args: never[]) => unknown;

const reflector = new Reflector();
const rules = new WeakMap<object, Map<object, RouteRule>>();

/**
 * The rule of a handler, its own decorators before its controller's; looked up once, because every request asks. Kept by
 * controller too: controllers that inherit their routes share the handlers.
 */
export function ruleOf(handler: object, controller: object): RouteRule {
  let ofController = rules.get(controller);
  if (!ofController) rules.set(controller, (ofController = new Map<object, RouteRule>()));
  let rule = ofController.get(handler);
  if (!rule) {
    const get = <T>(key: string): T | undefined => reflector.getAllAndOverride<T | undefined>(key, [handler as Target, controller as Class]);
    const isPublic = reflector.get<boolean>(PUBLIC, handler as Target) ?? (get<Permission>(REQUIRED) === undefined && (get<boolean>(PUBLIC) ?? false));
    const rateClass = get<RateClass>(RATE_CLASS) ?? (isPublic ? 'public' : 'none');
    rule = {
      isPublic,
      permission: get(REQUIRED),
      anyCaller: get<boolean>(ANY_CALLER) ?? false,
      openWhile: get<Pending[]>(OPEN_WHILE) ?? [],
      audience: get(AUDIENCE) ?? audienceByPath(controller),
      servesOutage: get<boolean>(SERVES_OUTAGE) ?? false,
      ownerOnly: get<boolean>(OWNER_ONLY) ?? false,
      rateClass: rateClass === 'none' ? undefined : rateClass,
    };
    ofController.set(handler, rule);
  }
  return rule;
}

/** Whether callers of a kind are served here at all, whatever they may do. */
export function serves({ audience, permission, anyCaller }: RouteRule, kind: PrincipalKind): boolean {
  const isMeant = audience === undefined ? kind === PrincipalKind.User || kind === PrincipalKind.Service : kind === audience;
  return isMeant && (anyCaller || (permission !== undefined && PERMISSIONS[kind].includes(permission)));
}

/** What lies below `/admin` and `/staff` is theirs, and no controller can forget to say so. */
function audienceByPath(controller: object): PrincipalKind | undefined {
  const [top] = String(Reflect.getMetadata('path', controller)).split('/');
  return [PrincipalKind.Admin, PrincipalKind.Staff].find((kind) => top === (kind as string));
}

export interface Route {
  /** As its controller and handler are named in code. */
  readonly name: string;
  readonly method: string;
  /** Without the prefix of the API: `/admin/users/:id`. */
  readonly path: string;
  readonly rule: RouteRule;
}

/** Every route of the service, by path. */
export function routesOf(discovery: DiscoveryService): Route[] {
  const routes = discovery.getControllers().flatMap(({ instance, metatype }) => (instance && metatype ? routesOfOne(Object.getPrototypeOf(instance) as Prototype, metatype as Class) : []));
  return routes.sort((a, b) => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1));
}

/** Routes that say neither who may call them nor that everybody may: the service refuses to start with one. */
export function undecidedRoutes(discovery: DiscoveryService): string[] {
  return routesOf(discovery).filter(({ rule }) => !rule.isPublic && !rule.permission && !rule.anyCaller).map(({ name }) => name);
}

type Prototype = Record<string, object>;

function routesOfOne(prototype: Prototype, controller: Class): Route[] {
  return new MetadataScanner()
    .getAllMethodNames(prototype)
    .filter((name) => Reflect.hasMetadata('path', prototype[name]!))
    .map((name) => {
      const handler = prototype[name]!;
      const parts = [controller, handler].map((each) => String(Reflect.getMetadata('path', each)).replace(/^\/|\/$/g, ''));
      const method = RequestMethod[Reflect.getMetadata('method', handler) as RequestMethod];
      return { name: `${controller.name}.${name}`, method, path: `/${parts.filter(Boolean).join('/')}`, rule: ruleOf(handler, controller) };
    });
}
