/** The status in effect of `presences p`: the last due step of its plan. */
export const STATUS_IN_EFFECT = `CASE WHEN p.changes_at <= now() THEN (
  SELECT (step->>'statusId')::int FROM jsonb_array_elements(p.plan) step
  WHERE (step->>'at')::timestamptz <= now() ORDER BY (step->>'at')::timestamptz DESC LIMIT 1
) ELSE p.status_id END`;
