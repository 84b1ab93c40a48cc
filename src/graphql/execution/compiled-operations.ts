import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from "graphql";
import type { Context } from "../context.js";
import { isUnavailable } from "../../errors/domain-error.js";
import { MissingPropertyError } from "../../database/table.js";
import { compile } from "./compile.js";
import { gather } from "./gather.js";
import { Needs } from "./needs.js";
import type { Plan } from "./plan.js";
import { variablesReader } from "./variables.js";
import { objectJson } from "./write-json.js";

/** Of one operation, by the variables on which its shape depends. */
interface Plans {
  readonly readVariables: ReturnType<typeof variablesReader>;
  readonly conditions: readonly string[];
  readonly byCondition: Map<string, Plan | null>;
}

/** Four variables of yes and no. */
const PLANS_MAX = 16;

/**
 * Executes operations by a plan that is kept as long as their document is: fetching whole places of the answer at once instead of
 * object by object, and writing JSON instead of making objects to be turned into JSON.
 */
export class CompiledOperations {
  private readonly plans = new WeakMap<OperationDefinitionNode, Plans>();

  private readonly needs = new Needs();

  constructor(private readonly schema: GraphQLSchema) {}

  /**
   * @param document which was validated, with the operation
   * @returns `data` as JSON; null when GraphQL.js has to be asked: for whatever fails, for what is asked of the schema, and for
   *   several changes
   * @throws SERVICE_UNAVAILABLE of a query, for which there is no use in asking again
   */
  async execute(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    given: Readonly<Record<string, unknown>>,
    context: Context,
  ): Promise<string | null> {
    const plans = this.plansOf(document, operation);
    const variables = plans.readVariables(given);
    if (!variables) return null;
    const plan = this.planOf(plans, document, operation, variables);
    if (!plan) return null;
    for (;;) {
      const { version } = this.needs;
      try {
        const root = {};
        const gathered = gather(plan.root, [root], { context, variables });
        const level = gathered instanceof Promise ? await gathered : gathered;
        return objectJson(plan.root, root, level);
      } catch (error) {
        if (isUnavailable(error) && !context.outcome) throw error;
        // Nobody knew yet that it takes this column.
        if (error instanceof MissingPropertyError && this.needs.version > version) continue;
        return null;
      }
    }
  }

  private plansOf(document: DocumentNode, operation: OperationDefinitionNode): Plans {
    const known = this.plans.get(operation);
    if (known) return known;
    const plans = {
      readVariables: variablesReader(this.schema, operation),
      conditions: conditionsOf(document),
      byCondition: new Map(),
    };
    this.plans.set(operation, plans);
    return plans;
  }

  private planOf(
    { conditions, byCondition }: Plans,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ): Plan | null {
    const key = conditions.map((name) => String(variables[name])).join();
    const known = byCondition.get(key);
    if (known !== undefined || byCondition.size >= PLANS_MAX) return known ?? null;
    const plan = this.compile(document, operation, variables);
    byCondition.set(key, plan);
    return plan;
  }

  private compile(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ): Plan | null {
    try {
      return compile(this.schema, this.needs, document, operation, variables);
    } catch {
      return null;
    }
  }
}

/** The variables on which it depends what is asked for. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ arguments: given = [] }) => {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
