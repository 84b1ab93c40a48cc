import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from "graphql";
import { Context } from "../context.js";
import type { Actor } from "../../domain/actor.js";
import type { Endpoint } from "../../domain/endpoint.js";
import { isUnavailable } from "../../errors/domain-error.js";
import { formatGraphQLErrors, isUnexpected, isRetryable } from "../errors.js";
import {
  type OperationValidator,
  type Cost,
  type OperationRequest,
  RequestRefusal,
} from "../validation/operation-validator.js";
import { InterruptedError } from "../../outbox/subscriber.js";
import type { Loaders } from "../../loaders/index.js";
import { FieldBatchers } from "../execution/batched.js";
import type { LoggedEvent } from "../../outbox/event.js";
import type { Logger } from "../../observability/logging/logger.js";
import type {
  SubscriptionEvent,
  SubscriptionEvents,
} from "../../services/subscriptions/subscription.service.js";
import type { Services } from "../../services/index.js";
import { type VisibilityKey, ResultCache } from "./result-cache.js";

export type SubscriptionResults = AsyncIterableIterator<FormattedExecutionResult>;

/** Events that wait together are answered together, so that the loaders fetch for all of them at once. */
const LOOK_AHEAD = 100;

export interface PreparedSubscription extends ExecutionArgs {
  readonly contextValue: Context;
  readonly operation: OperationDefinitionNode;
  readonly endpoint: Endpoint;
  readonly variableValues: Readonly<Record<string, unknown>>;
  readonly cost: Cost;
}

/** Subscriptions, without a transport around them. */
export class SubscriptionExecutor {
  private readonly shared = new ResultCache();
  private readonly batchers = new WeakMap<object, FieldBatchers>();
  /** Nothing is loaded before there is an event: one for each of thousands would be memory for nothing. */
  private readonly subscribing = new FieldBatchers();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly validator: OperationValidator,
    private readonly services: Services,
    private readonly loaders: Loaders,
    private readonly logger: Logger,
  ) {}

  /** @throws RequestRefusal when nothing of the request is executed */
  prepare(actor: Actor, request: OperationRequest): PreparedSubscription {
    const { document, operation, endpoint, cost } = this.validator.validate(actor, request);
    // A stranger's is none: all that is open to them is to sign in.
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) throw onlySubscriptions();
    return {
      schema: this.schema,
      document,
      operation,
      endpoint,
      cost,
      operationName: request.operationName ?? null,
      variableValues: request.variables ?? {},
      contextValue: this.context(actor, this.subscribing),
    };
  }

  /**
   * @returns what is to be told, event by event, or why nothing will be
   * @throws SERVICE_UNAVAILABLE when nothing is wrong with it, so that it pays to come again
   */
  async subscribe(
    subscription: PreparedSubscription,
  ): Promise<SubscriptionResults | FormattedExecutionResult> {
    const source = await createSourceEventStream(subscription);
    if (!(Symbol.asyncIterator in source)) {
      const outage = source.errors?.map(({ originalError }) => originalError).find(isUnavailable);
      if (outage) throw outage;
      return this.format(subscription, source);
    }
    const events = source[Symbol.asyncIterator]() as SubscriptionEvents;
    // Not before: the variables are known to fit now.
    const { contextValue, document, operation, variableValues } = subscription;
    const key = this.shared.keyOf(contextValue.actor, document, operation, variableValues);
    return new AnswerStream(events, (event) => this.answer(subscription, key, event));
  }

  /** @throws InterruptedError when it is nobody's refusal that there is no answer */
  private async answer(
    subscription: PreparedSubscription,
    key: VisibilityKey,
    told: SubscriptionEvent,
  ) {
    const { contextValue } = subscription;
    const { event } = told;
    const answer = (batchers?: FieldBatchers) =>
      execute({
        ...subscription,
        rootValue: told,
        contextValue: this.context(contextValue.actor, batchers),
      });
    // What is loaded is loaded for the event: since an earlier one it may have changed.
    const result = await (event
      ? this.shared.answer(event, key, () => answer(this.batchersOf(event.batch)))
      : answer());
    const formatted = this.format(subscription, result);
    if (!result.errors?.some(isRetryable)) return formatted;
    if (event) this.forget(event);
    throw new InterruptedError("the event could not be told");
  }

  /** So that those who come back for it find no failure kept. */
  private forget(event: LoggedEvent): void {
    this.shared.forget(event);
    this.batchers.delete(event.batch);
  }

  private batchersOf(batch: object): FieldBatchers {
    const batchers = this.batchers.get(batch) ?? new FieldBatchers();
    this.batchers.set(batch, batchers);
    return batchers;
  }

  private context(actor: Actor, batchers?: FieldBatchers): Context {
    return new Context(actor, this.services, this.loaders, batchers);
  }

  private format(
    { contextValue }: PreparedSubscription,
    { errors, ...result }: ExecutionResult,
  ): FormattedExecutionResult {
    if (!errors) return result;
    const { requestId } = contextValue.actor;
    for (const error of errors.filter(isUnexpected)) {
      this.logger.error({ requestId, err: error.originalError ?? error }, "unexpected");
    }
    return { ...result, errors: formatGraphQLErrors(errors) };
  }
}

function onlySubscriptions(): RequestRefusal {
  const message = "Only subscriptions are answered here: send queries and mutations by HTTP POST";
  return new RequestRefusal(
    [new GraphQLError(message, { extensions: { code: "BAD_REQUEST" } })],
    400,
  );
}

/** Not a generator: one that waits for its next event could not be ended from outside. */
class AnswerStream implements SubscriptionResults {
  private readonly ahead: Promise<FormattedExecutionResult>[] = [];

  constructor(
    private readonly events: SubscriptionEvents,
    private readonly answer: (event: SubscriptionEvent) => Promise<FormattedExecutionResult>,
  ) {}

  async next(): Promise<IteratorResult<FormattedExecutionResult>> {
    if (this.ahead.length === 0) {
      const { value, done } = await this.events.next();
      if (done) return { value: undefined, done };
      for (const event of [value, ...this.events.take(LOOK_AHEAD)]) this.begin(event);
    }
    try {
      const value = await (this.ahead.shift() as Promise<FormattedExecutionResult>);
      return { value, done: false };
    } catch (error) {
      // Whoever reads takes a failure for the end and does not return.
      return this.throw(error);
    }
  }

  async return(): Promise<IteratorResult<FormattedExecutionResult>> {
    await this.events.return?.();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<FormattedExecutionResult>> {
    await this.events.return?.();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private begin(event: SubscriptionEvent): void {
    const answer = this.answer(event);
    // Told when its turn comes, which may be after it was rejected.
    answer.catch(() => undefined);
    this.ahead.push(answer);
  }
}
