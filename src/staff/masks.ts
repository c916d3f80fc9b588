/** `a***@e***.org`: enough to tell two users apart, not enough to write to one. */
export function maskedAddress(email: string): string {
  const [local, domain = ''] = email.split('@') as [string, string?];
  const [top, ...rest] = domain.split('.').reverse() as [string, ...string[]];
  return `${firstOf(local)}***@${firstOf(rest.at(-1) ?? '')}***.${top}`;
}

/** What was typed as a name may be an address. */
export function maskedLogin(login: string): string {
  return login.includes('@') ? maskedAddress(login) : login;
}

/** `203.0.x.x`, and of IPv6 the first two groups: the provider, not the household. */
export function maskedIp(ip: string): string {
  const v4 = /(\d+)\.(\d+)\.\d+\.\d+$/.exec(ip);
  if (v4) return `${v4[1]}.${v4[2]}.x.x`;
  const [first = '', second = ''] = ip.split(':');
  return `${first}:${second}:x:x`;
}

function firstOf(text: string): string {
  return [...text][0] ?? '';
}
