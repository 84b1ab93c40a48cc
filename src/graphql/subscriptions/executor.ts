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

/** Queued events that are executed concurrently, so that they share the statements of their loaders. */
const MAX_CONCURRENT_EVENTS = 100;

export interface PreparedSubscription extends ExecutionArgs {
  readonly contextValue: Context;
  readonly operation: OperationDefinitionNode;
  readonly endpoint: Endpoint;
  readonly variableValues: Readonly<Record<string, unknown>>;
  readonly cost: Cost;
}

/** Executes subscriptions, for any transport. */
export class SubscriptionExecutor {
  private readonly cache = new ResultCache();
  private readonly batchers = new WeakMap<object, FieldBatchers>();
  /** For the start of subscriptions, which loads nothing. */
  private readonly unusedBatchers = new FieldBatchers();

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
    // For an anonymous caller as well: its only valid operation is a login mutation.
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) throw onlySubscriptions();
    return {
      schema: this.schema,
      document,
      operation,
      endpoint,
      cost,
      operationName: request.operationName ?? null,
      variableValues: request.variables ?? {},
      contextValue: this.context(actor, this.unusedBatchers),
    };
  }

  /**
   * @returns a result for each event, or a single result with errors
   * @throws SERVICE_UNAVAILABLE when the client should retry
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
    // Only now are the variables known to be valid.
    const { contextValue, document, operation, variableValues } = subscription;
    const key = this.cache.visibilityKeyOf(contextValue.actor, document, operation, variableValues);
    return new ResultStream(events, (event) => this.execute(subscription, key, event));
  }

  /** @throws InterruptedError when the event can be executed again after the client resumes */
  private async execute(
    subscription: PreparedSubscription,
    key: VisibilityKey,
    subscriptionEvent: SubscriptionEvent,
  ) {
    const { contextValue } = subscription;
    const { event } = subscriptionEvent;
    const run = (batchers?: FieldBatchers) =>
      execute({
        ...subscription,
        rootValue: subscriptionEvent,
        contextValue: this.context(contextValue.actor, batchers),
      });
    // Only events of one batch share loaders: an earlier batch may have loaded older data.
    const result = await (event
      ? this.cache.getOrExecute(event, key, () => run(this.batchersOf(event.batch)))
      : run());
    const formatted = this.format(subscription, result);
    if (!result.errors?.some(isRetryable)) return formatted;
    if (event) this.forget(event);
    throw new InterruptedError("the event could not be executed");
  }

  /** Otherwise subscribers that resume would receive the cached error. */
  private forget(event: LoggedEvent): void {
    this.cache.forget(event);
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
  const message = "Only subscriptions are served here: send queries and mutations by HTTP POST";
  return new RequestRefusal(
    [new GraphQLError(message, { extensions: { code: "BAD_REQUEST" } })],
    400,
  );
}

/** Not a generator: `return` of a generator waits for a pending `next`, and so for the next event. */
class ResultStream implements SubscriptionResults {
  private readonly pending: Promise<FormattedExecutionResult>[] = [];

  constructor(
    private readonly events: SubscriptionEvents,
    private readonly execute: (event: SubscriptionEvent) => Promise<FormattedExecutionResult>,
  ) {}

  async next(): Promise<IteratorResult<FormattedExecutionResult>> {
    if (this.pending.length === 0) {
      const { value, done } = await this.events.next();
      if (done) return { value: undefined, done };
      for (const event of [value, ...this.events.take(MAX_CONCURRENT_EVENTS)]) this.begin(event);
    }
    try {
      const value = await (this.pending.shift() as Promise<FormattedExecutionResult>);
      return { value, done: false };
    } catch (error) {
      // A consumer treats an error as the end and does not call `return`.
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
    const result = this.execute(event);
    // An error is thrown when the result is consumed; until then the rejection counts as handled.
    result.catch(() => undefined);
    this.pending.push(result);
  }
}
