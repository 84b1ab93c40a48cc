import {
  type DocumentNode,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from "graphql";
import type { Config } from "../../config/schema.js";
import type { Actor } from "../../domain/actor.js";
import type { Endpoint } from "../../domain/endpoint.js";
import { permissionTable, type Operation, requirementOf } from "../../domain/permission-table.js";
import { DomainError, forbidden, unauthenticated } from "../../errors/domain-error.js";
import { authorize } from "../../services/authorize.js";
import { tooLarge } from "./limits.js";
import { amountWith, type Variables } from "./cost.js";
import { authorizeFields } from "./guarded-fields.js";
import { Documents, ParsedDocument } from "./documents.js";
import { loginOnly } from "./anonymous-login.js";
import { rootsOf } from "./subscription-root.js";

/** What a client asks to be executed, through whichever door. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Variables | null;
}

/** What the answer tells about its price, as `extensions.cost`. */
export interface Cost {
  readonly requested: number;
  readonly limit: number;
  readonly left: number;
}

export interface ValidatedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** What the log and the metrics call it. */
  readonly endpoint: Endpoint;
  readonly cost: Cost;
  /**
   * What whoever asks is told once the document has shown that they may sign in, which is all that it does then: what is
   * wrong with their own document is nobody else's business.
   */
  readonly refusal: RequestRefusal | null;
}

/** Why nothing of a request is executed. */
export class RequestRefusal extends Error {
  override readonly name = "RequestRefusal";

  constructor(
    readonly errors: readonly [GraphQLError, ...GraphQLError[]],
    /** As GraphQL over HTTP has it; other doors have no use for it. */
    readonly status: number,
  ) {
    super(errors[0].message, { cause: errors[0] });
  }
}

/**
 * What stands between a request and its execution, the same at every door: the document is read, is within the bounds and fits
 * the schema, and the caller may know so.
 */
export class OperationValidator {
  private readonly documents: Documents;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly config: Pick<Config, "environment" | "graphql">,
  ) {
    this.documents = new Documents(schema, config.graphql.bounds);
  }

  /** @throws RequestRefusal */
  validate(actor: Actor, request: OperationRequest): ValidatedOperation {
    try {
      const read = this.documents.read(request.query);
      const operation = read.operation(request.operationName);
      return actor.kind === "ANONYMOUS"
        ? this.validateAnonymous(actor, request, read, operation)
        : this.validateAuthenticated(actor, request, read, operation);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Before they have signed in they learn nothing of the schema, nor what of their document fits it. */
  private validateAnonymous(
    actor: Actor,
    request: OperationRequest,
    read: ParsedDocument,
    operation: OperationDefinitionNode,
  ): ValidatedOperation {
    assertOpen(read.rootFields(operation));
    assertUnconditional(operation, read);
    try {
      const validated = this.validateAuthenticated(actor, request, read, operation);
      this.assertVariablesFit(operation, request);
      return validated;
    } catch (error) {
      const refusal = refusalOf(error);
      if (!(refusal instanceof RequestRefusal)) throw refusal;
      const signIn = loginOnly(operation, read.fragments);
      if (!signIn) throw unauthenticated();
      const alone = new ParsedDocument({ kind: Kind.DOCUMENT, definitions: [signIn] });
      if (this.documents.validate(alone).length > 0) throw unauthenticated();
      const cost = this.costOf(alone, signIn, {});
      const endpoint = { ...alone.endpoint(signIn), name: "login" };
      return { document: alone.document, operation: signIn, endpoint, cost, refusal };
    }
  }

  private validateAuthenticated(
    actor: Actor,
    { query, variables }: OperationRequest,
    read: ParsedDocument,
    operation: OperationDefinitionNode,
  ): ValidatedOperation {
    const [fault, ...more] = this.documents.validationErrors(query, read);
    if (fault) throw new RequestRefusal([fault, ...more], 400);
    const roots = read.rootFields(operation);
    if (roots.some(isIntrospection)) this.assertIntrospection(actor);
    // Who does nothing but sign in will find only themself.
    if (actor.kind !== "ANONYMOUS" || roots.length > 1) {
      const isMutation = operation.operation === OperationTypeNode.MUTATION;
      authorizeFields(actor, this.documents.guardedFieldsOf(read), isMutation);
    }
    const cost = this.costOf(read, operation, variables ?? {});
    const endpoint = read.endpoint(operation);
    return { document: read.document, operation, endpoint, cost, refusal: null };
  }

  private assertVariablesFit(
    { variableDefinitions = [] }: OperationDefinitionNode,
    { variables }: OperationRequest,
  ): void {
    const { errors } = getVariableValues(this.schema, variableDefinitions, variables ?? {});
    const [fault, ...more] = errors ?? [];
    if (!fault) return;
    for (const { extensions } of [fault, ...more]) extensions["code"] = "BAD_USER_INPUT";
    throw new RequestRefusal([fault, ...more], 400);
  }

  /** It takes a credential; in production an ADMIN's, unless the setting says otherwise. */
  private assertIntrospection(actor: Actor): void {
    const { introspection } = this.config.graphql;
    if (introspection === false) throw forbidden("introspection");
    const isOpen = introspection ?? this.config.environment !== "production";
    authorize(actor, isOpen ? "introspection" : "introspectionInProduction");
  }

  private costOf(
    read: ParsedDocument,
    operation: OperationDefinitionNode,
    variables: Variables,
  ): Cost {
    const requested = amountWith(this.documents.costOf(read, operation), variables);
    const limit = this.config.graphql.bounds.maxCost;
    const cost = { requested, limit, left: Math.max(0, limit - requested) };
    if (requested > limit) throw tooLarge("cost", limit, { cost });
    return cost;
  }
}

const isIntrospection = (field: string): boolean => field === "__schema" || field === "__type";

/**
 * What may be asked without a credential: nothing but to sign in, once, and then what the new session may.
 * Several at a time would be as many guesses at a password.
 *
 * @throws UNAUTHENTICATED
 */
function assertOpen(roots: readonly string[]): void {
  const [first, ...later] = roots.filter((name) => name !== "__typename");
  if (first !== undefined && (!isOpen(first) || later.some(isOpen))) throw unauthenticated();
}

const isOpen = (name: string): boolean =>
  Object.hasOwn(permissionTable, name) && requirementOf(name as Operation).needs === "NONE";

/** A part that may be left out tells by that alone whether the rest fits. @throws UNAUTHENTICATED */
function assertUnconditional(operation: OperationDefinitionNode, { fragments }: ParsedDocument) {
  const roots = rootsOf(operation.selectionSet, fragments);
  if (roots.some(({ directives = [] }) => directives.length > 0)) throw unauthenticated();
}

function refusalOf(error: unknown): unknown {
  if (error instanceof DomainError) {
    const status = error.code === "UNAUTHENTICATED" ? 401 : 403;
    return new RequestRefusal([new GraphQLError(error.message, { originalError: error })], status);
  }
  return error instanceof GraphQLError ? new RequestRefusal([error], 400) : error;
}
