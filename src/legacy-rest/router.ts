import type { Endpoint } from "../domain/endpoint.js";
import type { Dialect, LegacyMethod, LegacyRoute } from "./dialect.js";

interface Place {
  readonly segments: readonly string[];
  readonly route: LegacyRoute;
  /** What the log and the metrics call it. */
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

/** Finds a dialect's endpoints. A fixed segment goes before a `:name`, in whatever order they are listed. */
export function createRouter(dialect: Dialect): (method: string, path: string) => Match {
  const places = dialect.routes
    .flatMap((route) => {
      const endpoint = { door: dialect.name, kind: route.method, name: route.path || "/" };
      return [route.path, ...(route.aliases ?? [])].map((path): Place => ({
        segments: split(path),
        route,
        endpoint,
      }));
    })
    .sort((a, b) => parameterCount(a) - parameterCount(b));

  return (method, path) => {
    const segments = split(path);
    const matching = places.flatMap((place) => {
      const params = matchSegments(place, segments);
      return params ? [{ route: place.route, endpoint: place.endpoint, params }] : [];
    });
    if (matching.length === 0) return null;
    const found = matching.find(({ route }) => route.method === method);
    return found ?? { allowed: [...new Set(matching.map(({ route }) => route.method))] };
  };
}

const parameterCount = ({ segments }: Place): number =>
  segments.filter((segment) => segment.startsWith(":")).length;

function matchSegments(
  { segments: pattern, route }: Place,
  segments: readonly string[],
): Record<string, string> | null {
  const surplus = segments.length - pattern.length;
  if (surplus < 0 || (surplus > 0 && !route.ignoresFurtherSegments)) return null;
  const params: Record<string, string> = {};
  for (const [i, expected] of pattern.entries()) {
    const given = segments[i] ?? "";
    if (expected.startsWith(":")) {
      const name = expected.slice(1);
      const decoded = decodeSegment(given);
      if (route.segments?.[name]?.test(decoded) === false) return null;
      params[name] = decoded;
    } else if (expected !== given) return null;
  }
  return params;
}

/** What is not well-formed percent-encoding stands for itself, and is as good as any other id of nobody. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
