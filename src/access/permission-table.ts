import { ADMIN_PERMISSIONS, type Permission, PERMISSIONS, PrincipalKind, SERVICE_KEY_SCOPES, STAFF_PERMISSIONS, StaffLevel, USER_KEY_SCOPES } from './permission.js';
import { type Route, type RouteRule, serves } from './route-rules.js';

/** A sort of caller, with all that it may have. */
export interface CallerSort {
  readonly name: string;
  readonly kind?: PrincipalKind;
  readonly permissions: readonly Permission[];
}

export const CALLERS: readonly CallerSort[] = [
  { name: 'nobody', permissions: [] },
  { name: 'user', kind: PrincipalKind.User, permissions: PERMISSIONS[PrincipalKind.User] },
  { name: 'API key', kind: PrincipalKind.User, permissions: USER_KEY_SCOPES },
  { name: 'service key', kind: PrincipalKind.Service, permissions: SERVICE_KEY_SCOPES },
  { name: 'staff 1', kind: PrincipalKind.Staff, permissions: STAFF_PERMISSIONS[StaffLevel.Viewer] },
  { name: 'staff 2', kind: PrincipalKind.Staff, permissions: STAFF_PERMISSIONS[StaffLevel.Agent] },
  { name: 'staff 3', kind: PrincipalKind.Staff, permissions: STAFF_PERMISSIONS[StaffLevel.Lead] },
  { name: 'admin', kind: PrincipalKind.Admin, permissions: PERMISSIONS[PrincipalKind.Admin] },
];

/** Whether the route is open to a caller of this sort. What the caller then finds there is another matter. */
export function admits(rule: RouteRule, { kind, permissions }: CallerSort): boolean {
  if (rule.isPublic) return true;
  return kind !== undefined && serves(rule, kind) && (rule.anyCaller || permissions.includes(rule.permission!));
}

/** Who may do what, for people: docs/permissions.md is exactly this. */
export function permissionDocument(routes: readonly Route[]): string {
  const everybody = routes.filter(({ rule }) => rule.isPublic);
  const closed = routes.filter(({ rule }) => !rule.isPublic);
  return [
    '# Who may do what',
    '',
    'Made from the code by `provost permissions`; a test fails when it is out of date, and another calls every route of staff and admins',
    'as every sort of caller and compares.',
    '',
    'A credential of one kind is a 401 where another kind is served, and a 403 where its kind is served but the permission is missing.',
    'Permissions are read with every request: what is taken away is gone at once.',
    '',
    '## Staff',
    '',
    ...table(['permission', '1 viewer', '2 agent', '3 lead'], STAFF_PERMISSIONS[StaffLevel.Lead].map((each) => [code(each), ...LEVELS.map((level) => mark(STAFF_PERMISSIONS[level].includes(each)))])),
    '',
    '## Admins',
    '',
    'An admin holds `account:manage`, which is its own password, sessions and second factor, and any of these; an admin without a list holds all,',
    'also what later versions add. Nobody can give what they do not hold, and there is always an active admin with `admins:write`.',
    '',
    ADMIN_PERMISSIONS.map(code).join(', '),
    '',
    '## Scopes of keys',
    '',
    `A user's API key: ${USER_KEY_SCOPES.map(code).join(', ')}. A service key: ${SERVICE_KEY_SCOPES.map(code).join(', ')}.`,
    '',
    '## Routes',
    '',
    'Paths below `/api/v1`. Keys with all scopes, admins with all permissions; each needs the one that is named.',
    '',
    ...table(['route', 'permission', ...CALLERS.slice(1).map(({ name }) => name)], closed.map((route) => [code(`${route.method} ${route.path}`), route.rule.permission ? code(route.rule.permission) : 'any', ...CALLERS.slice(1).map((caller) => mark(admits(route.rule, caller)))])),
    '',
    '## Open to everybody',
    '',
    ...everybody.map(({ method, path }) => `- ${code(`${method} ${path}`)}`),
    '',
  ].join('\n');
}

const LEVELS = [StaffLevel.Viewer, StaffLevel.Agent, StaffLevel.Lead] as const;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function code(text: string): string {
  return `\`${text}\``;
}

function mark(isOpen: boolean): string {
  return isOpen ? 'yes' : '';
}
