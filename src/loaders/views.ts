import { z } from "zod";
import { UserView, View } from "../entities/view.entity.js";
import type { Reader } from "../database/reader.js";
import { parse } from "../services/parse-input.js";
import { searchInput } from "../services/users/user-conditions.js";
import { keyArray } from "../database/pagination/key-array.js";
import { grouped } from "./key-order.js";

interface ViewRow {
  readonly userId: number;
  readonly viewId: number;
  readonly name: string;
  readonly selected: boolean;
}

const viewsInput = z.object({ search: searchInput });

/**
 * Every view of the catalogue for each user, with whether the user selected it.
 *
 * @throws BAD_USER_INPUT naming the search
 */
export async function loadViews(
  reader: Reader,
  userIds: readonly number[],
  given: string,
): Promise<UserView[][]> {
  const { search } = parse(viewsInput, { search: given });
  const rows = await reader.query<ViewRow>(
    `SELECT k.user_id AS "userId", v.id AS "viewId", v.name, coalesce(uv.selected, false) AS selected
     FROM unnest($1::int[]) AS k(user_id) CROSS JOIN views v
     LEFT JOIN user_views uv ON uv.user_id = k.user_id AND uv.view_id = v.id AND uv.user_id = ANY($1::int[])
     WHERE position(lower($2) IN lower(v.name)) > 0 ORDER BY v.id`,
    [keyArray(userIds), search],
  );
  return grouped(userIds, rows, (row) => row.userId).map((views) => views.map(toUserView));
}

const toUserView = ({ userId, viewId, name, selected }: ViewRow): UserView =>
  Object.assign(new UserView(), {
    userId,
    viewId,
    selected,
    view: Object.assign(new View(), { id: viewId, name }),
  });
