/**
 * Browsers let any page open a WebSocket anywhere, and say only in `Origin` who asks (RFC 6455, 10.2). Below ingress
 * Home Assistant has checked its own session already, and proxies before it may have changed the host; a page cannot
 * set X-Ingress-Path on a WebSocket.
 */
export function isSameOrigin(header: (name: string) => string | undefined): boolean {
  const origin = header("origin");
  if (origin === undefined || header("x-ingress-path") !== undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === header("host");
}
