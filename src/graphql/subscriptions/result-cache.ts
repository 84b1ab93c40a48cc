import {
  type DocumentNode,
  type ExecutionResult,
  Kind,
  type OperationDefinitionNode,
  visit,
} from "graphql";
import { type Actor, hasPermission } from "../../domain/actor.js";
import type { LoggedEvent } from "../../outbox/event.js";

/** Stands for all subscriptions that are to be told the same of an event. */
export type VisibilityKey = object;

type Answer = Promise<ExecutionResult> | ExecutionResult;

const AUDIENCES_MAX = 1000;

/**
 * What thousands of subscribers ask of one event is mostly the same: it is executed once for all who
 * ask it in the same words and may see the same.
 */
export class ResultCache {
  private readonly audiences = new WeakMap<DocumentNode, Map<string, VisibilityKey>>();
  private readonly answers = new WeakMap<LoggedEvent, Map<VisibilityKey, Answer>>();

  keyOf(
    actor: Actor,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ): VisibilityKey {
    const known = this.audiences.get(document) ?? new Map<string, VisibilityKey>();
    this.audiences.set(document, known);
    // A variable that is left out has its default, one that is null has not.
    const used = answerVariables(document, operation).flatMap((name) =>
      Object.hasOwn(variables, name) ? [[name, variables[name]]] : [],
    );
    const key = JSON.stringify([operation.name?.value, used, visibilityOf(actor)]);
    const audience = known.get(key) ?? {};
    if (known.size >= AUDIENCES_MAX) known.clear();
    known.set(key, audience);
    return audience;
  }

  /** @param execute called for the first of the audience only */
  answer(event: LoggedEvent, audience: VisibilityKey, execute: () => Answer): Answer {
    const given = this.answers.get(event) ?? new Map<VisibilityKey, Answer>();
    this.answers.set(event, given);
    const answer = given.get(audience) ?? execute();
    given.set(audience, answer);
    return answer;
  }

  forget(event: LoggedEvent): void {
    this.answers.delete(event);
  }
}

/**
 * What an actor can see depends on these. A person sees more of themself than others do; only who may
 * see everything of everybody is not told apart.
 */
const visibilityOf = (actor: Actor): readonly unknown[] =>
  hasPermission(actor, "ADMIN")
    ? ["ADMIN"]
    : [
        actor.kind,
        actor.kind === "SESSION" ? actor.userId : null,
        ...[...actor.permissions].sort(),
      ];

/** The variables on which an answer can depend: those of the root field only choose the events. */
function answerVariables(document: DocumentNode, operation: OperationDefinitionNode): string[] {
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
