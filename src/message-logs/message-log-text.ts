/** What a sealed text is bound to: it opens for no other user and in the place of no other log. */
export function textContext(userId: string, logId: string): string {
  return `message-log:${userId}:${logId}`;
}
