/** What a caller may do; also the names of API key scopes. */
export enum Permission {
  ProfileRead = 'profile:read',
  ProfileWrite = 'profile:write',
  /** One's own password and sessions: for whoever signed in, never for a key. */
  AccountManage = 'account:manage',
  /** One's own API keys. */
  KeysManage = 'keys:manage',
  UsageRead = 'usage:read',
  UsageConsume = 'usage:consume',
  MessagesRead = 'messages:read',
  MessagesWrite = 'messages:write',
  /** Look at users; admins only. */
  UsersRead = 'users:read',
  /** Make, ban, delete, restore and erase users; admins only. */
  UsersWrite = 'users:write',
  /** Look at and change what holds for the whole installation, such as IP rules; admins only. */
  SettingsRead = 'settings:read',
  SettingsWrite = 'settings:write',
  /** Ask who a token or key belongs to; service keys only. */
  Verify = 'verify',
}

/** The kinds of principals that sign in, and applications that hold a service key. */
export enum PrincipalKind {
  User = 'user',
  Staff = 'staff',
  Admin = 'admin',
  Service = 'service',
}

const KEY_SCOPES = [Permission.ProfileRead, Permission.UsageRead, Permission.UsageConsume, Permission.MessagesRead, Permission.MessagesWrite] as const;

/** What each kind may do at most. */
export const PERMISSIONS: Record<PrincipalKind, readonly Permission[]> = {
  [PrincipalKind.User]: [...KEY_SCOPES, Permission.ProfileWrite, Permission.AccountManage, Permission.KeysManage],
  [PrincipalKind.Staff]: [Permission.AccountManage],
  [PrincipalKind.Admin]: [Permission.AccountManage, Permission.UsersRead, Permission.UsersWrite, Permission.SettingsRead, Permission.SettingsWrite],
  [PrincipalKind.Service]: [...KEY_SCOPES, Permission.Verify],
};

/** What a user may put into the scopes of an API key. */
export const USER_KEY_SCOPES: readonly Permission[] = KEY_SCOPES;

/** What an admin may put into the scopes of a service key. */
export const SERVICE_KEY_SCOPES: readonly Permission[] = PERMISSIONS[PrincipalKind.Service];
