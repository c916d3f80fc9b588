/** What a caller may do; also the names of API key scopes, and what the permissions of an admin are stored as. */
export enum Permission {
  ProfileRead = 'profile:read',
  ProfileWrite = 'profile:write',
  /** One's own password and sessions: for whoever signed in, never for a key. */
  AccountManage = 'account:manage',
  /** One's own API keys. */
  KeysManage = 'keys:manage',
  UsageRead = 'usage:read',
  UsageConsume = 'usage:consume',
  /** One's own; for an admin or a lead everybody's, text included. */
  MessagesRead = 'messages:read',
  MessagesWrite = 'messages:write',
  /** One's own, and those shared with one. */
  ExperimentsRead = 'experiments:read',
  ExperimentsWrite = 'experiments:write',
  /** One's own. */
  TasksRead = 'tasks:read',
  TasksWrite = 'tasks:write',
  /** One's own topics, documents, exercises and study sessions. */
  StudyRead = 'study:read',
  StudyWrite = 'study:write',
  /** Ask who a token or key belongs to. */
  Verify = 'verify',

  UsersRead = 'users:read',
  UsersWrite = 'users:write',
  UsersErase = 'users:erase',
  /** All of them as one file. */
  UsersExport = 'users:export',
  UsersImpersonate = 'users:impersonate',
  StaffRead = 'staff:read',
  StaffWrite = 'staff:write',
  AdminsRead = 'admins:read',
  AdminsWrite = 'admins:write',
  PlansRead = 'plans:read',
  PlansWrite = 'plans:write',
  ServiceKeysRead = 'service-keys:read',
  ServiceKeysWrite = 'service-keys:write',
  SettingsRead = 'settings:read',
  SettingsWrite = 'settings:write',
  AuditRead = 'audit:read',
  JobsRead = 'jobs:read',
  JobsRun = 'jobs:run',
  StatsRead = 'stats:read',
  WebhooksRead = 'webhooks:read',
  /** Who has it may have everything told that happens, to an address of their choice. */
  WebhooksWrite = 'webhooks:write',

  UsersUnmask = 'users:unmask',
  UsersUnlock = 'users:unlock',
  UsersEndSessions = 'users:end-sessions',
  UsersNote = 'users:note',
  UsersCredit = 'users:credit',
  UsersBan = 'users:ban',
  UsersLimit = 'users:limit',
  UsersRestore = 'users:restore',
}

/** The kinds of principals that sign in, and applications that hold a service key. */
export enum PrincipalKind {
  User = 'user',
  Staff = 'staff',
  Admin = 'admin',
  Service = 'service',
}

const KEY_SCOPES = [Permission.ProfileRead, Permission.UsageRead, Permission.UsageConsume, Permission.MessagesRead, Permission.MessagesWrite] as const;
/** Of users alone: a service key names the user it acts for in each request, and experiments, tasks and studies are worked on in person. */
const RESEARCH = [Permission.ExperimentsRead, Permission.ExperimentsWrite, Permission.TasksRead, Permission.TasksWrite, Permission.StudyRead, Permission.StudyWrite] as const;

/** What an admin may hold, and give to others: each means everybody's, and the installation's. */
export const ADMIN_PERMISSIONS: readonly Permission[] = [
  Permission.UsersRead, Permission.UsersWrite, Permission.UsersErase, Permission.UsersExport, Permission.UsersImpersonate,
  Permission.StaffRead, Permission.StaffWrite, Permission.AdminsRead, Permission.AdminsWrite,
  Permission.PlansRead, Permission.PlansWrite, Permission.ServiceKeysRead, Permission.ServiceKeysWrite,
  Permission.SettingsRead, Permission.SettingsWrite, Permission.AuditRead, Permission.MessagesRead,
  Permission.JobsRead, Permission.JobsRun, Permission.StatsRead, Permission.WebhooksRead, Permission.WebhooksWrite,
];

export enum StaffLevel {
  Viewer = 1,
  Agent = 2,
  Lead = 3,
}

const VIEWER = [Permission.AccountManage, Permission.UsersRead];
const AGENT = [...VIEWER, Permission.UsersUnmask, Permission.UsersUnlock, Permission.UsersEndSessions, Permission.UsersNote, Permission.UsersCredit];
const LEAD = [...AGENT, Permission.UsersBan, Permission.UsersLimit, Permission.MessagesRead, Permission.UsersRestore];

/** Every level may do what those below it may. */
export const STAFF_PERMISSIONS: Readonly<Record<StaffLevel, readonly Permission[]>> = {
  [StaffLevel.Viewer]: VIEWER,
  [StaffLevel.Agent]: AGENT,
  [StaffLevel.Lead]: LEAD,
};

/** What each kind may do at most. */
export const PERMISSIONS: Readonly<Record<PrincipalKind, readonly Permission[]>> = {
  [PrincipalKind.User]: [...KEY_SCOPES, ...RESEARCH, Permission.ProfileWrite, Permission.AccountManage, Permission.KeysManage],
  [PrincipalKind.Staff]: LEAD,
  [PrincipalKind.Admin]: [Permission.AccountManage, ...ADMIN_PERMISSIONS],
  [PrincipalKind.Service]: [...KEY_SCOPES, Permission.Verify],
};

/** What a user may put into the scopes of an API key. */
export const USER_KEY_SCOPES: readonly Permission[] = [...KEY_SCOPES, ...RESEARCH];

/** What an admin may put into the scopes of a service key. */
export const SERVICE_KEY_SCOPES: readonly Permission[] = PERMISSIONS[PrincipalKind.Service];

const SEEN = [Permission.ProfileRead, Permission.UsageRead, Permission.AccountManage, Permission.KeysManage];
const SEEN_ONLY: ReadonlySet<Permission> = new Set(SEEN);
const SEEN_AND_READ: ReadonlySet<Permission> = new Set([...SEEN, Permission.MessagesRead]);

/** What an admin may see as a user: messages only who may read everybody's. That nothing is written the guard sees to. */
export function impersonatedPermissions(admin: ReadonlySet<Permission>): ReadonlySet<Permission> {
  return admin.has(Permission.MessagesRead) ? SEEN_AND_READ : SEEN_ONLY;
}

/** What an admin may do who holds this list; null is everything, also what later versions add. A name that means nothing gives nothing. */
export function adminPermissions(held: readonly string[] | null): Set<Permission> {
  return new Set([Permission.AccountManage, ...ADMIN_PERMISSIONS.filter((each) => held?.includes(each) ?? true)]);
}
