import type { ExecutionPlan, FieldSet, PlannedField } from "./plan.js";

/** A plan as text: a line per field, with its resolver and the columns that are read of what it returns. */
export const printPlan = ({ steps }: ExecutionPlan): string =>
  steps
    .flatMap((step, i) => [
      `step ${i + 1}: ${step.type.name}`,
      ...linesOf(step).map((line) => `  ${line}`),
    ])
    .join("\n");

const linesOf = ({ fields }: FieldSet): string[] =>
  fields.flatMap((field) => [
    `${field.responseName}: ${sourceOf(field)}`,
    ...(field.objects?.fieldSets ?? []).flatMap((fieldSet) => {
      const lines = linesOf(fieldSet);
      const isOnly = field.objects?.fieldSets.length === 1;
      const named = isOnly ? lines : [`on ${fieldSet.type.name}`, ...lines.map(indented)];
      return named.map(indented);
    }),
  ]);

const indented = (line: string): string => `  ${line}`;

function sourceOf({ coordinate, constant, resolve, isBatched, columns }: PlannedField): string {
  if (constant !== null) return "constant";
  if (!resolve) return "property";
  const calls = isBatched ? "resolved for all objects" : "resolved per object";
  const reads = columns?.key ? `, reads ${columns.key}` : "";
  return `${coordinate}, ${calls}${reads}`;
}
