import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  recommendedRules,
  specifiedRules,
  validate,
} from "graphql";
import { LRUCache } from "lru-cache";
import type { Endpoint } from "../../domain/endpoint.js";
import type { Operation } from "../../domain/permission-table.js";
import type { OperationLimits } from "../../config/limits.js";
import { tooLarge } from "./limits.js";
import { type Amount, costOf } from "./cost.js";
import { guardedFieldsIn } from "./guarded-fields.js";
import { type Fragments, mergeFields } from "./merge-fields.js";
import { assertShape, countdown } from "./shape.js";
import { conditionalSubscriptions } from "./subscription-root.js";

/** Together some 60 MB once parsed, should clients ever send that many different texts. */
const MAX_KEPT_CHARACTERS = 1_000_000;

const MAX_FAULTS = 20;

/** A document whose shape is within the bounds, and what was found out about it. */
export class ParsedDocument {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Null until it was compared with the schema; empty when it fits. */
  faults: readonly GraphQLError[] | null = null;
  /** Null until they were looked for. */
  guardedFields: readonly Operation[] | null = null;
  readonly costs = new Map<OperationDefinitionNode, Amount>();
  private readonly roots = new Map<OperationDefinitionNode, readonly string[]>();
  private readonly endpoints = new Map<OperationDefinitionNode, Endpoint>();

  constructor(readonly document: DocumentNode) {
    this.fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
  }

  /** @throws GraphQLError when the name leaves open which one is meant */
  operation(name: string | null | undefined): OperationDefinitionNode {
    const operation = getOperationAST(this.document, name);
    if (operation) return operation;
    const message = name
      ? `The document has no operation named "${name}"`
      : "The document has several operations or none: operationName must name one";
    throw new GraphQLError(message, { extensions: { code: "OPERATION_RESOLUTION_FAILURE" } });
  }

  /** The operations of the schema that are called, once for each mention. */
  rootFields(operation: OperationDefinitionNode): readonly string[] {
    const known = this.roots.get(operation);
    if (known) return known;
    const merged = mergeFields([operation.selectionSet], this.fragments, null, () => undefined);
    const names = [...merged].map(({ nodes }) => nodes[0].name.value);
    this.roots.set(operation, names);
    return names;
  }

  /** Only of what fits the schema: its names are all that there may be. Several together have one name. */
  endpoint(operation: OperationDefinitionNode): Endpoint {
    const known = this.endpoints.get(operation);
    if (known) return known;
    const roots = new Set(this.rootFields(operation));
    if (roots.size > 1) roots.delete("__typename");
    const [name = "", ...more] = roots;
    const endpoint: Endpoint = {
      door: "GRAPHQL",
      kind: operation.operation,
      name: more.length > 0 ? "several" : name,
    };
    this.endpoints.set(operation, endpoint);
    return endpoint;
  }
}

/** Reads the texts of documents, each once as long as it is asked for often enough. */
export class Documents {
  private readonly kept = new LRUCache<string, ParsedDocument>({
    maxSize: MAX_KEPT_CHARACTERS,
    sizeCalculation: (_document, text) => text.length,
  });

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly bounds: OperationLimits,
  ) {}

  /** @throws GraphQLError when it has a syntax error or is too large */
  read(text: string): ParsedDocument {
    return this.kept.get(text) ?? this.withinStack(() => this.parse(text));
  }

  /** Compares it with the schema. Only what fits is kept. */
  validationErrors(text: string, read: ParsedDocument): readonly GraphQLError[] {
    read.faults ??= this.validate(read);
    if (read.faults.length === 0 && !this.kept.has(text)) this.kept.set(text, read);
    return read.faults;
  }

  /** @returns why it does not fit the schema; empty when it does */
  validate({ document, fragments }: ParsedDocument): readonly GraphQLError[] {
    return this.withinStack(() => this.faultsIn(document, fragments));
  }

  costOf(read: ParsedDocument, operation: OperationDefinitionNode): Amount {
    const known = read.costs.get(operation);
    if (known !== undefined) return known;
    const spend = countdown(this.bounds.maxCost);
    const cost = costOf(this.schema, operation, read.fragments, spend);
    read.costs.set(operation, cost);
    return cost;
  }

  guardedFieldsOf(read: ParsedDocument): readonly Operation[] {
    return (read.guardedFields ??= guardedFieldsIn(this.schema, read.document));
  }

  private parse(text: string): ParsedDocument {
    const read = new ParsedDocument(this.parseWithin(text));
    assertShape(read.document, read.fragments, this.bounds);
    return read;
  }

  private parseWithin(text: string): DocumentNode {
    const { maxTokens } = this.bounds;
    try {
      return parse(text, { maxTokens });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      // The parser has no other way to tell this from a syntax error.
      if (error.message.includes(`more that ${maxTokens} tokens`)) {
        throw tooLarge("tokens", maxTokens);
      }
      Object.assign(error.extensions, { code: "GRAPHQL_PARSE_FAILED" });
      throw error;
    }
  }

  private faultsIn(document: DocumentNode, fragments: Fragments): readonly GraphQLError[] {
    const rules = [...specifiedRules, ...recommendedRules];
    const options = { maxErrors: MAX_FAULTS, hideSuggestions: true };
    const conditional = conditionalSubscriptions(document, fragments);
    // GraphQL.js throws at some of those.
    const faults =
      conditional.length > 0 ? conditional : validate(this.schema, document, rules, options);
    for (const { extensions } of faults) extensions.code = "GRAPHQL_VALIDATION_FAILED";
    return faults;
  }

  /** Values may be nested as well, and whoever nests them deeply enough meets the end of the stack. */
  private withinStack<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (error instanceof RangeError) throw tooLarge("depth", this.bounds.maxDepth);
      throw error;
    }
  }
}
