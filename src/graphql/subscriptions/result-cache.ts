import {
  type DocumentNode,
  type ExecutionResult,
  Kind,
  type OperationDefinitionNode,
  visit,
} from "graphql";
import { type Actor, hasPermission } from "../../domain/actor.js";
import type { LoggedEvent } from "../../outbox/event.js";

/** Identifies subscriptions that receive the same result for an event. */
export type VisibilityKey = object;

type Result = Promise<ExecutionResult> | ExecutionResult;

const KEYS_MAX = 1000;

/**
 * Results of events. Thousands of subscribers mostly have the same operation, so an event is executed once for all
 * subscriptions with the same document, operation and variables whose actors may read the same fields. A result lives as long as its event.
 */
export class ResultCache {
  private readonly keys = new WeakMap<DocumentNode, Map<string, VisibilityKey>>();
  private readonly results = new WeakMap<LoggedEvent, Map<VisibilityKey, Result>>();

  visibilityKeyOf(
    actor: Actor,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ): VisibilityKey {
    const known = this.keys.get(document) ?? new Map<string, VisibilityKey>();
    this.keys.set(document, known);
    // An absent variable takes its default value; null does not.
    const used = resultVariables(document, operation).flatMap((name) =>
      Object.hasOwn(variables, name) ? [[name, variables[name]]] : [],
    );
    const key = JSON.stringify([operation.name?.value, used, visibilityOf(actor)]);
    const visibilityKey = known.get(key) ?? {};
    if (known.size >= KEYS_MAX) known.clear();
    known.set(key, visibilityKey);
    return visibilityKey;
  }

  /** @param execute called for the first subscription with this key */
  getOrExecute(event: LoggedEvent, key: VisibilityKey, execute: () => Result): Result {
    const results = this.results.get(event) ?? new Map<VisibilityKey, Result>();
    this.results.set(event, results);
    const result = results.get(key) ?? execute();
    results.set(key, result);
    return result;
  }

  forget(event: LoggedEvent): void {
    this.results.delete(event);
  }
}

/**
 * Everything that decides which fields an actor may read. A user may read more about themself than others may,
 * so a session shares no results with those of other users, unless it may read everything anyway.
 */
const visibilityOf = (actor: Actor): readonly unknown[] =>
  hasPermission(actor, "ADMIN")
    ? ["ADMIN"]
    : [
        actor.kind,
        actor.kind === "SESSION" ? actor.userId : null,
        ...[...actor.permissions].sort(),
      ];

/** The variables that a result depends on: those in the arguments of the root field only select the events. */
function resultVariables(document: DocumentNode, operation: OperationDefinitionNode): string[] {
  const names = new Set<string>();
  const collect = {
    Variable: ({ name }: { name: { value: string } }) => void names.add(name.value),
  };
  for (const selection of operation.selectionSet.selections) {
    if (selection.kind === Kind.FIELD) visit({ ...selection, arguments: [] }, collect);
    else visit(selection, collect);
  }
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) visit(definition, collect);
  }
  return [...names].sort();
}
