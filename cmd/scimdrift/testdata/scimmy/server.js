// SCIMMY (https://scimmyjs.github.io), a SCIM server that nobody of this project wrote, over a store in memory. Each bearer token
// is a tenant of its own, so that one process serves many tests. What is ours is the store alone; what a request means is SCIMMY's.
//
// Usage: node server.js [--no-patch]. It prints its address on one line once it listens, and ends with its standard input.
// PUT /seed/TOKEN takes {"Users": [...], "Groups": [...]} with the ids that the records shall have.
import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMY from "scimmy";
import SCIMMYRouters from "scimmy-routers";

const tenants = new Map();

function tenant(token) {
  if (!tenants.has(token)) tenants.set(token, { User: new Map(), Group: new Map() });
  return tenants.get(token);
}

// unique refuses a second record of a name, without regard to case, as RFC 7643 has it for a server that calls names unique.
function unique(rows, id, attribute, value) {
  for (const [other, row] of rows) {
    if (other !== id && String(row[attribute]).toLowerCase() === String(value).toLowerCase()) {
      throw new SCIMMY.Types.Error(409, "uniqueness", `another record has the ${attribute} "${value}"`);
    }
  }
}

function declare(Resource, kind, name) {
  Resource.ingress(async (resource, data, store) => {
    const rows = store[kind];
    const id = resource.id ?? randomUUID();
    const before = rows.get(id);
    if (resource.id && !before) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
    unique(rows, id, name, data[name]);
    const now = new Date().toISOString();
    const meta = { created: before?.meta.created ?? now, lastModified: now };
    // Plain values only: SCIMMY's own objects refuse to be read back with what the store has added.
    const row = { ...JSON.parse(JSON.stringify(data)), id, meta };
    rows.set(id, row);
    return structuredClone(row);
  });
  Resource.egress(async (resource, store) => {
    const rows = store[kind];
    if (resource.id) {
      if (!rows.has(resource.id)) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
      return structuredClone(rows.get(resource.id));
    }
    const all = [...rows.values()].map((row) => structuredClone(row));
    return resource.filter ? resource.filter.match(all) : all;
  });
  Resource.degress(async (resource, store) => {
    if (!store[kind].delete(resource.id)) throw new SCIMMY.Types.Error(404, null, `Resource ${resource.id} not found`);
    for (const group of store.Group.values()) {
      group.members = (group.members ?? []).filter((m) => m.value !== resource.id);
    }
  });
  SCIMMY.Resources.declare(Resource);
}

declare(SCIMMY.Resources.User, "User", "userName");
declare(SCIMMY.Resources.Group, "Group", "displayName");
SCIMMY.Config.set({ patch: !process.argv.includes("--no-patch"), filter: true });

const token = (request) => /^Bearer (\S+)$/.exec(request.header("Authorization") ?? "")?.[1];

const app = express();
app.put("/seed/:token", express.json({ limit: "64mb" }), (request, answer) => {
  const store = tenant(request.params.token);
  const now = new Date().toISOString();
  for (const [kind, rows] of [["User", request.body.Users], ["Group", request.body.Groups]]) {
    store[kind] = new Map(rows.map((row) => [row.id, { ...row, meta: { created: now, lastModified: now } }]));
  }
  answer.sendStatus(204);
});
app.use("/scim/v2", new SCIMMYRouters({
  type: "bearer",
  handler: (request) => {
    if (!tenants.has(token(request))) throw new Error("no such token");
    return token(request);
  },
  context: (request) => tenant(token(request)),
}));

const server = app.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
