/**
 * Browsers let any page open a WebSocket anywhere, and say only in `Origin` who asks (RFC 6455, 10.2). Home Assistant's
 * ingress keeps the browser's host in X-Forwarded-Host; a page cannot set that header on a WebSocket.
 */
export function isSameOrigin(header: (name: string) => string | undefined): boolean {
  const origin = header("origin");
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === header("host") || host === header("x-forwarded-host");
}
