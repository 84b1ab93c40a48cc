import type { Endpoint } from "../domain/endpoint.js";
import type { Dialect, LegacyMethod, LegacyRoute } from "./dialect.js";

interface RoutePattern {
  readonly segments: readonly string[];
  readonly route: LegacyRoute;
  /** The name in the log and the metrics. */
  readonly endpoint: Endpoint;
}

export type Match =
  | {
      readonly route: LegacyRoute;
      readonly endpoint: Endpoint;
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly allowed: readonly LegacyMethod[] }
  | null;

const split = (path: string): string[] => path.split("/").filter(Boolean);

/**
 * Creates the router of a dialect. A fixed segment takes precedence over a `:name`, whatever the order of the
 * routes.
 */
export function createRouter(dialect: Dialect): (method: string, path: string) => Match {
  const patterns = dialect.routes
    .flatMap((route) => {
      const endpoint = { door: dialect.name, kind: route.method, name: route.path || "/" };
      return [route.path, ...(route.aliases ?? [])].map((path): RoutePattern => ({
        segments: split(path),
        route,
        endpoint,
      }));
    })
    .sort((a, b) => parameterCount(a) - parameterCount(b));

  return (method, path) => {
    const segments = split(path);
    const matching = patterns.flatMap((pattern) => {
      const params = matchSegments(pattern, segments);
      return params ? [{ route: pattern.route, endpoint: pattern.endpoint, params }] : [];
    });
    if (matching.length === 0) return null;
    const found = matching.find(({ route }) => route.method === method);
    return found ?? { allowed: [...new Set(matching.map(({ route }) => route.method))] };
  };
}

const parameterCount = ({ segments }: RoutePattern): number =>
  segments.filter((segment) => segment.startsWith(":")).length;

function matchSegments(
  { segments: pattern, route }: RoutePattern,
  segments: readonly string[],
): Record<string, string> | null {
  const surplus = segments.length - pattern.length;
  if (surplus < 0 || (surplus > 0 && !route.ignoresFurtherSegments)) return null;
  const params: Record<string, string> = {};
  for (const [i, expected] of pattern.entries()) {
    const segment = segments[i] ?? "";
    if (expected.startsWith(":")) {
      const name = expected.slice(1);
      const decoded = decodeSegment(segment);
      if (route.segments?.[name]?.test(decoded) === false) return null;
      params[name] = decoded;
    } else if (expected !== segment) return null;
  }
  return params;
}

/** A segment that is not valid percent-encoding stays as it is; it matches no id. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
