import type { EntityTarget, ObjectLiteral } from "typeorm";
import { z } from "zod";
import type { Actor } from "../../domain/actor.js";
import { integerKeyOf, type NodeType } from "../../domain/global-id.js";
import type { Operation } from "../../domain/permission-table.js";
import * as text from "../../domain/text-rules.js";
import { statusClasses } from "../../domain/vocabulary.js";
import { Campaign } from "../../entities/campaign.entity.js";
import { Group } from "../../entities/group.entity.js";
import { Status } from "../../entities/status.entity.js";
import { View } from "../../entities/view.entity.js";
import { notFound } from "../../errors/domain-error.js";
import { type Changes } from "../../database/changes/change.js";
import type { Reader } from "../../database/reader.js";
import { authorize } from "../authorize.js";
import { changedProperties } from "../users/changed-properties.js";
import { parseInput } from "../parse-input.js";
import { Idempotent } from "../idempotency/idempotent.js";
import { outcomes } from "../idempotency/outcomes.js";

const position = z.int().min(0).max(10_000);

const createStatusInput = z.object({
  name: text.label,
  class: z.enum(statusClasses),
  color: text.color.nullish(),
  selectable: z.boolean().nullish(),
  position: position.nullish(),
});
export type CreateStatusInput = z.input<typeof createStatusInput>;

const updateStatusInput = z.object({
  id: text.int32,
  name: text.label.optional(),
  color: text.color.optional(),
  selectable: z.boolean().optional(),
  position: position.optional(),
});
export type UpdateStatusInput = z.input<typeof updateStatusInput>;

const namedInput = z.object({ name: text.label });
const renamedInput = namedInput.extend({ id: z.string().max(100) });
const campaignInput = z.object({ name: text.campaignName });
const renamedCampaignInput = campaignInput.extend({ id: z.string().max(100) });
export type NameInput = z.input<typeof namedInput>;
export type RenameInput = z.input<typeof renamedInput>;

const DEFAULT_COLOR = "#546e7a";
const DEFAULT_POSITION = 100;

/** Statuses, groups, campaigns and views. Entries are never deleted, because other rows refer to them. */
export class CatalogueService {
  constructor(
    private readonly changes: Changes,
    private readonly reader: Reader,
  ) {}

  statuses(actor: Actor): Promise<Status[]> {
    return this.list(actor, "statuses", Status, "statuses t ORDER BY t.position, t.id");
  }

  groups(actor: Actor): Promise<Group[]> {
    return this.list(actor, "groups", Group, "groups t ORDER BY lower(t.name)");
  }

  campaigns(actor: Actor): Promise<Campaign[]> {
    return this.list(actor, "campaigns", Campaign, "campaigns t ORDER BY lower(t.name)");
  }

  views(actor: Actor): Promise<View[]> {
    return this.list(actor, "views", View, "views t ORDER BY t.id");
  }

  /** @throws CONFLICT when the name is taken */
  @Idempotent(outcomes.status)
  createStatus(actor: Actor, input: CreateStatusInput): Promise<Status> {
    authorize(actor, "createStatus");
    const parsed = parseInput(actor, createStatusInput, input);
    return this.create(actor, "createStatus", Status, {
      name: parsed.name,
      class: parsed.class,
      color: parsed.color ?? DEFAULT_COLOR,
      selectable: parsed.selectable ?? true,
      position: parsed.position ?? DEFAULT_POSITION,
    });
  }

  /**
   * Changes anything but the class, by which presences are indexed.
   *
   * @throws NOT_FOUND, CONFLICT when the name is taken
   */
  @Idempotent(outcomes.status)
  updateStatus(actor: Actor, input: UpdateStatusInput): Promise<Status> {
    authorize(actor, "updateStatus");
    const { id, ...given } = parseInput(actor, updateStatusInput, input);
    return this.update(actor, "updateStatus", Status, id, String(id), given);
  }

  /** @throws CONFLICT when the name is taken, as all methods below */
  @Idempotent(outcomes.group)
  createGroup(actor: Actor, input: NameInput): Promise<Group> {
    authorize(actor, "createGroup");
    return this.create(actor, "createGroup", Group, parseInput(actor, namedInput, input));
  }

  @Idempotent(outcomes.group)
  updateGroup(actor: Actor, input: RenameInput): Promise<Group> {
    return this.rename(actor, "updateGroup", Group, "Group", renamedInput, input);
  }

  @Idempotent(outcomes.campaign)
  createCampaign(actor: Actor, input: NameInput): Promise<Campaign> {
    authorize(actor, "createCampaign");
    return this.create(actor, "createCampaign", Campaign, parseInput(actor, campaignInput, input));
  }

  @Idempotent(outcomes.campaign)
  updateCampaign(actor: Actor, input: RenameInput): Promise<Campaign> {
    return this.rename(actor, "updateCampaign", Campaign, "Campaign", renamedCampaignInput, input);
  }

  @Idempotent(outcomes.view)
  createView(actor: Actor, input: NameInput): Promise<View> {
    authorize(actor, "createView");
    return this.create(actor, "createView", View, parseInput(actor, namedInput, input));
  }

  @Idempotent(outcomes.view)
  updateView(actor: Actor, input: RenameInput): Promise<View> {
    return this.rename(actor, "updateView", View, "View", renamedInput, input);
  }

  private list<Row extends ObjectLiteral>(
    actor: Actor,
    operation: Operation,
    entity: EntityTarget<Row>,
    from: string,
  ): Promise<Row[]> {
    authorize(actor, operation);
    return this.reader.rows(
      entity,
      `SELECT ${this.reader.table(entity).columns("t")} FROM ${from}`,
    );
  }

  private rename<Row extends Entry>(
    actor: Actor,
    action: Operation,
    entity: EntityTarget<Row>,
    type: NodeType,
    schema: typeof renamedInput,
    input: RenameInput,
  ): Promise<Row> {
    authorize(actor, action);
    const { id, name } = parseInput(actor, schema, input);
    const key = integerKeyOf(type, id);
    if (key === null) throw notFound(type, id);
    return this.update(actor, action, entity, key, id, { name });
  }

  private create<Row extends Entry>(
    actor: Actor,
    action: Operation,
    entity: EntityTarget<Row>,
    values: object,
  ): Promise<Row> {
    return this.changes.make(actor, async (change) => {
      // A copy, because TypeORM adds the generated key to the object.
      const { identifiers } = await change.manager.insert(entity, { ...values });
      const { id } = identifiers[0] as { id: number };
      const row = await change.manager.findOneByOrFail(entity, { id } as never);
      change.audit({
        action,
        targetType: typeNameOf(row),
        targetId: row.globalId ?? String(id),
        after: values,
      });
      return row;
    });
  }

  private update<Row extends Entry>(
    actor: Actor,
    action: Operation,
    entity: EntityTarget<Row>,
    id: number,
    shownId: string,
    given: object,
  ): Promise<Row> {
    return this.changes.make(actor, async (change) => {
      const current = await change.manager.findOne(entity, {
        where: { id } as never,
        // FOR UPDATE would block transactions that insert a reference to the row, such as every change of a status.
        lock: { mode: "for_no_key_update" },
      });
      if (!current) throw notFound(action.replace(/^update/, ""), shownId);
      const { before, after } = changedProperties(current, given);
      if (Object.keys(after).length === 0) return current;
      await change.manager.update(entity, { id }, after as never);
      change.audit({
        action,
        targetType: typeNameOf(current),
        targetId: current.globalId ?? String(id),
        before,
        after,
      });
      return Object.assign(current, after);
    });
  }
}

interface Entry extends ObjectLiteral {
  readonly id: number;
  readonly globalId?: string;
}

const typeNameOf = (row: object): string => row.constructor.name;
