// A program that uses Rocket.Chat's SDK as its pages show. The SDK reads the address of the server and the user
// from the environment when it is loaded. The program sends the responses over its IPC channel.
const { api } = require("@rocket.chat/sdk");
const { silence } = require("@rocket.chat/sdk/dist/lib/log");

silence();

/** The SDK has no call for DELETE, but its client has. */
const remove = (endpoint) =>
  new Promise((resolve, reject) => {
    const sent = { headers: api.getHeaders(true) };
    api.client.delete(api.url + endpoint, sent, resolve).on("error", reject);
  });

async function session() {
  const login = await api.login();
  const list = (sort) => api.get("livechat/users/agent", { count: 100, sort });
  const before = await list({ name: 1 });
  const added = await api.post("livechat/users/agent", { username: "juan.box" });
  const id = added.user._id;
  return {
    login: { success: api.success(login), userId: login.data.userId },
    before: before.users.map(({ username }) => username),
    added,
    one: await api.get(`livechat/users/agent/${id}`),
    during: (await list({ username: -1 })).users.map(({ username }) => username),
    removed: await remove(`livechat/users/agent/${id}`),
    gone: await api.get(`livechat/users/agent/${id}`),
    refused: (await api.get("livechat/users/visitor")) ?? "undefined",
    all: await api.users.all(),
    allNames: await api.users.allNames(),
    allIDs: await api.users.allIDs(),
    onlineNames: await api.users.onlineNames(),
    onlineIds: await api.users.onlineIds(),
    token: api.currentLogin.authToken,
    logout: await api.logout().then(() => api.loggedIn()),
  };
}

session().then(
  (answers) => process.send(answers),
  (error) => process.send({ error: String(error) }),
);
