import { type ClassType, Field, Int, ObjectType } from "type-graphql";
import type { Page } from "../persistence/keyset-page.js";
import { GraphQLCursor } from "./cursor-scalar.js";

@ObjectType({ simpleResolvers: true, description: "Where a page stands in its list." })
export class PageInfo {
  @Field(() => Boolean, { description: "Whether there is more after this page." })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description:
      "Whether there is more before this page; going forward: whether `after` was given.",
  })
  hasPreviousPage!: boolean;

  @Field(() => GraphQLCursor, { nullable: true, description: "Null on an empty page." })
  startCursor!: string | null;

  @Field(() => GraphQLCursor, { nullable: true, description: "Null on an empty page." })
  endCursor!: string | null;
}

export interface Edge<Row> {
  readonly cursor: string;
  readonly node: Row;
}

export interface Connection<Row> {
  readonly edges: readonly Edge<Row>[];
  readonly nodes: readonly Row[];
  readonly pageInfo: PageInfo;
  readonly count: () => Promise<number>;
}

/** Makes the Relay types of a list: `<name>Connection` and `<name>Edge`. */
export function connectionType<Row extends object>(
  name: string,
  nodeClass: ClassType<Row>,
): ClassType<Connection<Row>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: "One entry of a page." })
  class EdgeType implements Edge<Row> {
    @Field(() => GraphQLCursor, {
      description: "Give it as `after` or `before` to go on from here.",
    })
    cursor!: string;

    @Field(() => nodeClass, { description: "The entry itself." })
    node!: Row;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: "One page of a list." })
  class ConnectionType implements Connection<Row> {
    @Field(() => [EdgeType], { description: "The entries with their cursors." })
    edges!: readonly Edge<Row>[];

    @Field(() => [nodeClass], { description: "The entries alone." })
    nodes!: readonly Row[];

    @Field(() => PageInfo, { description: "Where the page stands." })
    pageInfo!: PageInfo;

    count!: () => Promise<number>;

    @Field(() => Int, {
      simple: false,
      description: "How many entries the whole list has. Counted only when asked for.",
    })
    totalCount(): Promise<number> {
      return this.count();
    }
  }
  return ConnectionType;
}

/** @param type the class that `connectionType` made: GraphQL tells types by class */
export const toConnection = <Row>(
  type: ClassType<Connection<Row>>,
  { rows, cursors, hasNextPage, hasPreviousPage, count }: Page<Row>,
): Connection<Row> =>
  Object.assign(new type(), {
    nodes: rows,
    edges: rows.map((node, i) => ({ cursor: cursors[i] ?? "", node })),
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
    count,
  });
