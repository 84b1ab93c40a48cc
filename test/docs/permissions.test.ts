import { permissionTable, type Requirement } from "../../src/domain/permission-table.js";
import { permissions } from "../../src/domain/vocabulary.js";
import { readDoc, tableIn } from "./markdown.js";

const [meanings = "", operations = ""] = readDoc("docs/permissions.md").split("\n- **Self:**");

describe("docs/permissions.md", () => {
  it("docs/permissions.md explains every permission", () => {
    expect(tableIn(meanings).map(([permission]) => permission)).toEqual([...permissions]);
  });

  it("docs/permissions.md lists every operation with its permission", () => {
    const requirements = Object.entries<Requirement>(permissionTable);
    expect(tableIn(operations)).toEqual(
      requirements.map(([name, { needs, self }]) => [name, needs, self ? "yes" : ""]),
    );
  });
});
