import { permissionTable, type Requirement } from "../../src/domain/permission-table.js";
import { permissions } from "../../src/domain/vocabulary.js";
import { readDoc, tableIn } from "./markdown.js";

const [meanings = "", operations = ""] = readDoc("docs/permissions.md").split("\n- **Self:**");

describe("docs/permissions.md", () => {
  it("explains every permission", () => {
    expect(tableIn(meanings).map(([permission]) => permission)).toEqual([...permissions]);
  });

  it("lists every operation with what the permission table asks for it", () => {
    const requirements = Object.entries<Requirement>(permissionTable);
    expect(tableIn(operations)).toEqual(
      requirements.map(([name, { needs, self }]) => [name, needs, self ? "yes" : ""]),
    );
  });
});
