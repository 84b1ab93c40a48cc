/**
 * Validation: what happens to an operation between its request and its execution, the same for every transport. The
 * folder imports domain, config, errors and services, and nothing of the other folders of `graphql`.
 */

import {
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from "graphql";
import { LRUCache } from "lru-cache";
import type { Config } from "../../config/schema.js";
import type { Actor } from "../../domain/actor.js";
import type { Endpoint } from "../../domain/endpoint.js";
import { DomainError, forbidden, unauthenticated } from "../../errors/domain-error.js";
import { authorize } from "../../services/authorize.js";
import { assertLogsInOnce, assertUnconditional, loginOnly } from "./anonymous-login.js";
import { amountWith, type Variables } from "./cost.js";
import { authorizeFields } from "./guarded-fields.js";
import { tooLarge } from "./limits.js";
import { parseDocument, ParsedOperation } from "./parsed-operation.js";

/** A GraphQL request, from any transport. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Variables | null;
}

/** The cost of an operation, which the response contains as `extensions.cost`. */
export interface Cost {
  readonly requested: number;
  readonly limit: number;
  readonly left: number;
}

export interface ValidatedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The name in the log and the metrics. */
  readonly endpoint: Endpoint;
  readonly cost: Cost;
  /**
   * The refusal to send if the operation succeeds. An anonymous caller receives the errors of its document only with a
   * valid login, so the operation is reduced to that login.
   */
  readonly onlyIfItSucceeds: RequestRefusal | null;
}

/** Why nothing of a request is executed. */
export class RequestRefusal extends Error {
  override readonly name = "RequestRefusal";

  constructor(
    readonly errors: readonly [GraphQLError, ...GraphQLError[]],
    /** As in GraphQL over HTTP; other transports ignore it. */
    readonly status: number,
  ) {
    super(errors[0].message, { cause: errors[0] });
  }
}

/** What the checks are about. */
interface Candidate {
  readonly actor: Actor;
  readonly request: OperationRequest;
  readonly parsed: ParsedOperation;
}

/** `run` throws when the operation fails the check. */
type Check = readonly [
  name: string,
  appliesTo: (candidate: Candidate) => boolean,
  run: (candidate: Candidate) => void,
];

const all = () => true;
const isAnonymous = ({ actor }: Candidate): boolean => actor.kind === "ANONYMOUS";

/** Checks of the document alone. They disclose nothing, so that an anonymous caller receives their refusal, too. */
const documentChecks: readonly Check[] = [
  ["one login", isAnonymous, ({ parsed }) => assertLogsInOnce(parsed)],
  ["no conditional root fields", isAnonymous, ({ parsed }) => assertUnconditional(parsed)],
];

/** About 60 MB of parsed documents. */
const MAX_CACHED_CHARACTERS = 1_000_000;

export class OperationValidator {
  /** Operations that match the schema, by name and text. */
  private readonly cache = new LRUCache<string, ParsedOperation>({
    maxSize: MAX_CACHED_CHARACTERS,
    sizeCalculation: (_parsed, key) => key.length,
  });

  /** Checks against the schema. An anonymous caller receives their refusal only with a valid login. */
  private readonly schemaChecks: readonly Check[] = [
    ["schema", all, (candidate) => this.assertMatchesSchema(candidate)],
    [
      "introspection",
      ({ parsed: { roots } }) => roots.includes("__schema") || roots.includes("__type"),
      ({ actor }) => this.authorizeIntrospection(actor),
    ],
    [
      "guarded fields",
      // An operation that only logs in returns only the user itself.
      (candidate) => !isAnonymous(candidate) || candidate.parsed.roots.length > 1,
      ({ actor, parsed: { guardedFields, operation } }) =>
        authorizeFields(actor, guardedFields, operation.operation === OperationTypeNode.MUTATION),
    ],
    ["cost", all, ({ parsed, request }) => this.costOf(parsed, request.variables)],
    ["variables", isAnonymous, (candidate) => this.assertVariables(candidate)],
  ];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly config: Pick<Config, "environment" | "graphql">,
  ) {}

  /** @throws RequestRefusal */
  validate(actor: Actor, request: OperationRequest): ValidatedOperation {
    try {
      const parsed = this.cache.get(keyOf(request)) ?? this.parse(request);
      const candidate = { actor, request, parsed };
      runChecks(documentChecks, candidate);
      try {
        runChecks(this.schemaChecks, candidate);
      } catch (error) {
        if (!isAnonymous(candidate)) throw error;
        return this.reduceToLogin(parsed, toRefusal(error));
      }
      return this.validated(parsed, request.variables);
    } catch (error) {
      throw toRefusal(error);
    }
  }

  private parse({ query, operationName }: OperationRequest): ParsedOperation {
    const { limits } = this.config.graphql;
    return new ParsedOperation(this.schema, limits, parseDocument(query, limits), operationName);
  }

  private validated(parsed: ParsedOperation, variables: Variables | null = {}): ValidatedOperation {
    const { document, operation, endpoint } = parsed;
    const cost = this.costOf(parsed, variables);
    return { document, operation, endpoint, cost, onlyIfItSucceeds: null };
  }

  /** @throws UNAUTHENTICATED when there is no login that could be executed */
  private reduceToLogin(parsed: ParsedOperation, refusal: unknown): ValidatedOperation {
    if (!(refusal instanceof RequestRefusal)) throw refusal;
    const document = loginOnly(parsed);
    if (!document) throw unauthenticated();
    const login = new ParsedOperation(this.schema, this.config.graphql.limits, document);
    if (login.validationErrors.length > 0) throw unauthenticated();
    const endpoint = { ...login.endpoint, name: "login" };
    return { ...this.validated(login), endpoint, onlyIfItSucceeds: refusal };
  }

  private assertMatchesSchema({ parsed, request }: Candidate): void {
    assertNone(parsed.validationErrors);
    const key = keyOf(request);
    if (!this.cache.has(key)) this.cache.set(key, parsed);
  }

  private assertVariables({ parsed: { operation }, request: { variables } }: Candidate): void {
    const definitions = operation.variableDefinitions ?? [];
    const { errors = [] } = getVariableValues(this.schema, definitions, variables ?? {});
    for (const { extensions } of errors) extensions["code"] = "BAD_USER_INPUT";
    assertNone(errors);
  }

  /** Requires a credential; in production one with ADMIN, unless the setting says otherwise. */
  private authorizeIntrospection(actor: Actor): void {
    const { introspection } = this.config.graphql;
    if (introspection === false) throw forbidden("introspection");
    const isOpen = introspection ?? this.config.environment !== "production";
    authorize(actor, isOpen ? "introspection" : "introspectionInProduction");
  }

  /** @throws GraphQLError OPERATION_TOO_LARGE */
  private costOf(parsed: ParsedOperation, variables: Variables | null | undefined): Cost {
    const requested = amountWith(parsed.cost, variables ?? {});
    const limit = this.config.graphql.limits.maxCost;
    const cost = { requested, limit, left: Math.max(0, limit - requested) };
    if (requested > limit) throw tooLarge("cost", limit, { cost });
    return cost;
  }
}

/** The length separates the name from the text. */
const keyOf = ({ query, operationName }: OperationRequest): string => {
  const name = operationName ?? "";
  return `${name.length}:${name}${query}`;
};

function runChecks(checks: readonly Check[], candidate: Candidate): void {
  for (const [, appliesTo, run] of checks) if (appliesTo(candidate)) run(candidate);
}

function assertNone([first, ...more]: readonly GraphQLError[]): void {
  if (first) throw new RequestRefusal([first, ...more], 400);
}

function toRefusal(error: unknown): unknown {
  if (error instanceof DomainError) {
    const status = error.code === "UNAUTHENTICATED" ? 401 : 403;
    return new RequestRefusal([new GraphQLError(error.message, { originalError: error })], status);
  }
  return error instanceof GraphQLError ? new RequestRefusal([error], 400) : error;
}
