import { LinkPurpose } from './mail-links/mail-link.entity.js';

/*
 * Every text that Provost mails. Nothing stands in them that a stranger chose and that goes to somebody else's address
 * (names, the device of whoever asked for a link): registration would be a way to send people advertisements.
 */

interface LinkMail {
  readonly subject: string;
  readonly text: (about: { url: string; life: string; ip: string }) => string;
}

export const LINK_MAILS: Record<LinkPurpose, LinkMail> = {
  [LinkPurpose.VerifyEmail]: {
    subject: 'Confirm your e-mail address',
    text: ({ url, life }) => `Hello,

this e-mail address was given for an account. Open this link to confirm that the address is yours:

${url}

The link is good once, for ${life}.

If you know nothing of an account, you need do nothing: without the link nobody can confirm your address.
`,
  },
  [LinkPurpose.ResetPassword]: {
    subject: 'Choose a new password',
    text: ({ url, life, ip }) => `Hello,

somebody, we hope you, asked for a new password for the account with this e-mail address. Open this link to choose one:

${url}

The link is good once, for ${life}. All sessions end when the password is changed.
It was asked for from the address ${ip}.

If it was not you, you need do nothing: your password stays as it is. Do not pass the link on to anybody.
`,
  },
};

/** What happened to an account that its owner is told of by e-mail. */
export type Notice =
  | 'mfa-enabled'
  | 'mfa-disabled'
  | 'recovery-codes-renewed'
  | 'recovery-code-used'
  | 'new-device'
  | 'session-stolen'
  | 'password-changed'
  | 'email-changed'
  | 'account-deleted'
  | 'account-restored'
  | 'impersonated';

interface NoticeText {
  readonly subject: string;
  readonly happened: string;
  /** What to do if it was not you. */
  readonly otherwise: string;
}

const TAKE_BACK = 'If it was not you, somebody else can use your account: change your password now, end all other sessions, and tell your administrator.';
const TELL = 'If it was not you, tell your administrator at once.';

export const NOTICES: Record<Notice, NoticeText> = {
  'mfa-enabled': {
    subject: 'Two-step sign-in was turned on',
    happened: 'Two-step sign-in was turned on for your account. From now on signing in takes a code from your authenticator application as well as your password.',
    otherwise: TAKE_BACK,
  },
  'mfa-disabled': {
    subject: 'Two-step sign-in was turned off',
    happened: 'Two-step sign-in was turned off for your account. The password alone is now enough to sign in.',
    otherwise: TAKE_BACK,
  },
  'recovery-codes-renewed': {
    subject: 'New recovery codes were made',
    happened: 'New recovery codes were made for your account. The old ones no longer work.',
    otherwise: TAKE_BACK,
  },
  'recovery-code-used': {
    subject: 'A recovery code was used',
    happened: 'A recovery code was used in place of a code from your authenticator application. It will not work a second time.',
    otherwise: TAKE_BACK,
  },
  'new-device': {
    subject: 'A sign-in from a new device',
    happened: 'Somebody signed in to your account from a device that was not used for it before.',
    otherwise: TAKE_BACK,
  },
  'session-stolen': {
    subject: 'A session was ended to be safe',
    happened: 'A refresh token of one of your sessions came back after it had been used, as happens when somebody has copied it. We have ended that session; whoever used it must sign in again.',
    otherwise: 'If a device of yours only lost its connection for a while, simply sign in again. If you cannot explain it, change your password and look for programs on that device that you do not know.',
  },
  'password-changed': {
    subject: 'Your password was changed',
    happened: 'The password of your account was changed, and all sessions that were open were ended.',
    otherwise: 'If it was not you, choose a new password with "forgot password" now, and tell your administrator.',
  },
  'email-changed': {
    subject: 'Your e-mail address was changed',
    happened: 'An administrator gave your account another e-mail address. What we write to you goes there from now on; this is the last mail to the old address.',
    otherwise: 'If you did not ask for it, tell your administrator at once.',
  },
  'account-deleted': {
    subject: 'Your account was deleted',
    happened: 'Your account was deleted. Nobody can sign in to it any more. For a limited time an administrator can restore it; after that everything in it is erased for good.',
    otherwise: TELL,
  },
  'account-restored': {
    subject: 'Your account was restored',
    happened: 'Your account was restored after it had been deleted. You can sign in again.',
    otherwise: TELL,
  },
  impersonated: {
    subject: 'An administrator opened your account',
    happened: 'An administrator opened your account to see what you see, for 15 minutes at most. Nothing in it can be changed that way. It is among your sessions, and you can end it there.',
    otherwise: 'If you did not ask for help, ask your administrator why; the reason was written down.',
  },
};
