/** The tabs that the explorer opens with, on the demo's people. The name of the first operation is the tab's. */
export const explorerExamples: readonly string[] = [
  `# Who is online? Ctrl-Enter asks.
# Ctrl-Space proposes what can follow;
# the book on the left has the schema.
query FirstQuery {
  presences(
    filter: {
      online: true
      kind: STAFF
    }
    first: 10
  ) {
    totalCount
    nodes {
      user { username displayName }
      status { name class }
      lock { reason until }
      since
    }
  }
}
`,
  `# Stays open and shows changes as they happen:
# start it, and lock somebody in the meantime,
# such as from a second window.
subscription LivePresence {
  presenceChanged {
    cause
    previousStatus { name }
    presence {
      user { displayName }
      status { name class }
      lock { reason until }
    }
  }
}
`,
  `# Nobody can change a status that is locked:
# setStatus is refused with STATUS_LOCKED.
mutation LockAnAgent {
  lockStatus(
    input: {
      user: { username: "john.doe" }
      statusId: 8
      reason: "In training until noon"
    }
  ) {
    presence {
      status { name }
      lock { reason until }
      configuredStatus { name }
    }
  }
}
`,
  `# What was chosen before the lock shows again.
mutation Unlock {
  unlockStatus(
    input: { user: { username: "john.doe" } }
  ) {
    presence {
      status { name }
      lock { reason }
    }
  }
}
`,
  `# Holds whoever is free, for a minute: nobody
# else is given the same slot meanwhile.
mutation Reserve {
  reserveNextAvailable(
    input: { channel: "livechat", ttlSeconds: 60 }
  ) {
    reservation {
      id
      fencingToken
      state
      expiresAt
      user { username displayName }
    }
  }
}
`,
];
