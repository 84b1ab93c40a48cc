import { type ClassType, Field, Int, ObjectType } from "type-graphql";
import type { Page } from "../../database/pagination/keyset-page.js";
import { GraphQLCursor } from "./cursor-scalar.js";

@ObjectType({ simpleResolvers: true, description: "The position of a page in its list." })
export class PageInfo {
  @Field(() => Boolean, { description: "Whether there are entries after this page." })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description:
      "Whether there are entries before this page; with `first`: whether `after` was given.",
  })
  hasPreviousPage!: boolean;

  @Field(() => GraphQLCursor, { nullable: true, description: "Null for an empty page." })
  startCursor!: string | null;

  @Field(() => GraphQLCursor, { nullable: true, description: "Null for an empty page." })
  endCursor!: string | null;
}

export interface Edge<Row> {
  readonly cursor: string;
  readonly node: Row;
}

export interface Connection<Row> {
  page: Page<Row>;
  readonly edges: readonly Edge<Row>[];
  readonly nodes: readonly Row[];
  readonly pageInfo: PageInfo;
}

/** Creates the Relay types of a list: `<name>Connection` and `<name>Edge`. */
export function connectionType<Row extends object>(
  name: string,
  nodeClass: ClassType<Row>,
): ClassType<Connection<Row>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: "One entry of a page." })
  class EdgeType implements Edge<Row> {
    @Field(() => GraphQLCursor, {
      description: "Pass it as `after` or `before` to continue from here.",
    })
    cursor!: string;

    @Field(() => nodeClass, { description: "The entry itself." })
    node!: Row;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: "One page of a list." })
  class ConnectionType implements Connection<Row> {
    @Field(() => [EdgeType], { description: "The entries with their cursors." })
    edges!: readonly Edge<Row>[];

    @Field(() => [nodeClass], { description: "The entries without cursors." })
    nodes!: readonly Row[];

    @Field(() => PageInfo, { description: "The position of the page." })
    pageInfo!: PageInfo;

    page!: Page<Row>;

    @Field(() => Int, {
      simple: false,
      description: "The number of entries in the whole list. Counted only when requested.",
    })
    totalCount(): Promise<number> {
      return this.page.count();
    }
  }
  // Properties instead of methods with @Field, which would become resolvers. Each is computed when it is read.
  Object.defineProperties(ConnectionType.prototype, {
    nodes: propertyOf(({ rows }) => rows),
    edges: propertyOf(({ rows, cursorOf }) =>
      rows.map((node, i) => ({
        node,
        get cursor() {
          return cursorOf(i);
        },
      })),
    ),
    pageInfo: propertyOf(toPageInfo),
  });
  return ConnectionType;
}

const propertyOf = (read: (page: Page<unknown>) => unknown): PropertyDescriptor => ({
  get(this: { page: Page<unknown> }) {
    return read(this.page);
  },
});

const toPageInfo = ({ rows, cursorOf, hasNextPage, hasPreviousPage }: Page<unknown>): PageInfo => ({
  hasNextPage,
  hasPreviousPage,
  get startCursor() {
    return rows.length > 0 ? cursorOf(0) : null;
  },
  get endCursor() {
    return rows.length > 0 ? cursorOf(rows.length - 1) : null;
  },
});

/** @param type the class that `connectionType` created: GraphQL identifies types by class */
export const toConnection = <Row>(
  type: ClassType<Connection<Row>>,
  page: Page<Row>,
): Connection<Row> => Object.assign(new type(), { page });
