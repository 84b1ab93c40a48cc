/**
 * The tabs that the explorer opens with, for the demo data. The name of the first operation is the tab's
 * title.
 */
export const explorerExamples: readonly string[] = [
  `# Who is online? Ctrl-Enter runs the query.
# Ctrl-Space completes;
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
# start it, and lock an agent in the meantime,
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
  `# A locked status cannot be changed:
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
  `# The status from before the lock is in effect again.
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
  `# Holds a slot of an available agent for a minute:
# no other caller gets the same slot meanwhile.
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
