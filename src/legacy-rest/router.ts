import type { Dialect, LegacyMethod, LegacyRoute } from "./dialect.js";

interface Endpoint {
  readonly segments: readonly string[];
  readonly route: LegacyRoute;
}

export type Match =
  | { readonly route: LegacyRoute; readonly params: Readonly<Record<string, string>> }
  | { readonly allowed: readonly LegacyMethod[] }
  | null;

const split = (path: string): string[] => path.split("/").filter(Boolean);

/** Finds a dialect's endpoints. A fixed segment goes before a `:name`, in whatever order they are listed. */
export function createRouter(dialect: Dialect): (method: string, path: string) => Match {
  const endpoints = dialect.routes
    .flatMap((route) =>
      [route.path, ...(route.aliases ?? [])].map((path): Endpoint => ({
        segments: split(path),
        route,
      })),
    )
    .sort((a, b) => parameterCount(a) - parameterCount(b));

  return (method, path) => {
    const segments = split(path);
    const matching = endpoints.flatMap((endpoint) => {
      const params = matchSegments(endpoint.segments, segments);
      return params ? [{ route: endpoint.route, params }] : [];
    });
    if (matching.length === 0) return null;
    const found = matching.find(({ route }) => route.method === method);
    return found ?? { allowed: [...new Set(matching.map(({ route }) => route.method))] };
  };
}

const parameterCount = ({ segments }: Endpoint): number =>
  segments.filter((segment) => segment.startsWith(":")).length;

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [i, expected] of pattern.entries()) {
    const given = segments[i] ?? "";
    if (expected.startsWith(":")) {
      const decoded = decodeSegment(given);
      if (decoded === null) return null;
      params[expected.slice(1)] = decoded;
    } else if (expected !== given) return null;
  }
  return params;
}

/** Null for a segment that is not well-formed percent-encoding: no endpoint has such a path. */
function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
