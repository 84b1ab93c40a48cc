import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  recommendedRules,
  specifiedRules,
  validate,
} from "graphql";
import type { OperationLimits } from "../../config/limits.js";
import type { Endpoint } from "../../domain/endpoint.js";
import type { Operation } from "../../domain/permission-table.js";
import { type Amount, costOf } from "./cost.js";
import { guardedFieldsIn } from "./guarded-fields.js";
import { assertWithinLimits, tooLarge } from "./limits.js";
import { type Fragments, mergeFields, rootSelections } from "./merge-fields.js";

const MAX_ERRORS = 20;

/** An operation of a document within the limits. What is derived from it is computed once. */
export class ParsedOperation {
  readonly fragments: Fragments;
  readonly operation: OperationDefinitionNode;
  /** The names of the root fields, once per response key. */
  readonly roots: readonly string[];
  /** The name in the log and the metrics, if the document matches the schema: its field names are limited. */
  readonly endpoint: Endpoint;
  private errors: readonly GraphQLError[] | undefined;
  private guarded: readonly Operation[] | undefined;
  private amount: Amount | undefined;

  /** @throws GraphQLError when the name does not identify one operation */
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly limits: OperationLimits,
    readonly document: DocumentNode,
    name?: string | null,
  ) {
    this.fragments = fragmentsOf(document);
    this.operation = operationOf(document, name);
    const merged = mergeFields([this.operation.selectionSet], this.fragments);
    this.roots = [...merged].map(({ nodes }) => nodes[0].name.value);
    const [first = "__typename", ...more] = new Set(
      this.roots.filter((root) => root !== "__typename"),
    );
    const kind = this.operation.operation;
    this.endpoint = { door: "GRAPHQL", kind, name: more.length > 0 ? "several" : first };
  }

  /** Why the document does not match the schema; empty when it does. */
  get validationErrors(): readonly GraphQLError[] {
    return (this.errors ??= withinStack(this.limits, () => this.validate()));
  }

  /** The fields of the document that require a permission of their own. */
  get guardedFields(): readonly Operation[] {
    return (this.guarded ??= guardedFieldsIn(this.schema, this.document));
  }

  get cost(): Amount {
    return (this.amount ??= costOf(this.schema, this.operation, this.fragments));
  }

  private validate(): readonly GraphQLError[] {
    const rules = [...specifiedRules, ...recommendedRules];
    const options = { maxErrors: MAX_ERRORS, hideSuggestions: true };
    // Checked first, because GraphQL.js throws at some of these.
    const conditional = conditionalSubscriptions(this.document, this.fragments);
    const errors =
      conditional.length > 0 ? conditional : validate(this.schema, this.document, rules, options);
    for (const { extensions } of errors) extensions.code = "GRAPHQL_VALIDATION_FAILED";
    return errors;
  }
}

/** @throws GraphQLError for a syntax error, or when a limit is exceeded */
export const parseDocument = (text: string, limits: OperationLimits): DocumentNode =>
  withinStack(limits, () => {
    const document = parseTokens(text, limits);
    assertWithinLimits(document, fragmentsOf(document), limits);
    return document;
  });

function parseTokens(text: string, { maxTokens }: OperationLimits): DocumentNode {
  try {
    return parse(text, { maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    // The parser has no code that distinguishes this from a syntax error.
    if (error.message.includes(`more that ${maxTokens} tokens`)) {
      throw tooLarge("tokens", maxTokens);
    }
    Object.assign(error.extensions, { code: "GRAPHQL_PARSE_FAILED" });
    throw error;
  }
}

/** Values can be nested, too, and deeply nested ones exceed the call stack of GraphQL.js. */
function withinStack<Result>({ maxDepth }: OperationLimits, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge("depth", maxDepth);
    throw error;
  }
}

const fragmentsOf = ({ definitions }: DocumentNode): Fragments =>
  new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );

function operationOf(document: DocumentNode, name?: string | null): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (operation) return operation;
  const message = name
    ? `The document has no operation named "${name}"`
    : "The document has several operations or none: operationName must name one";
  throw new GraphQLError(message, { extensions: { code: "OPERATION_RESOLUTION_FAILURE" } });
}

/** A subscription must have a root field: the specification forbids one that may be left out. */
const conditionalSubscriptions = ({ definitions }: DocumentNode, fragments: Fragments) =>
  definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    if (definition.operation !== OperationTypeNode.SUBSCRIPTION) return [];
    const nodes = rootSelections(definition.selectionSet, fragments).find(({ directives = [] }) =>
      directives.some(({ name: { value } }) => value === "skip" || value === "include"),
    );
    const message = "The field of a subscription may not depend on @skip or @include";
    return nodes ? [new GraphQLError(message, { nodes })] : [];
  });
