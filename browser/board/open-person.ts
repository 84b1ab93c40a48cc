import type { Gateway } from "./gateway.js";
import {
  LockStatusDocument,
  ReleaseDocument,
  ReserveDocument,
  SetStatusDocument,
  UnlockStatusDocument,
} from "./graphql.js";
import type { Outcome, PanelActions } from "./person-panel.js";
import { messageOf } from "./refusal.js";
import type { Person } from "./roster.js";
import { clockTime } from "./times.js";

/** The user of the open panel, and the action on it. The subscription shows the result of an action, too. */
export class OpenPerson {
  outcome: Outcome | null = null;
  isBusy = false;

  constructor(
    public person: Person,
    private readonly gateway: Gateway,
    private readonly onChange: () => void,
    private readonly close: () => void,
  ) {}

  readonly actions: PanelActions = {
    setStatus: (statusId, until) =>
      this.act(async (user) => {
        const input = { user, statusId, until };
        const { setStatus } = await this.gateway.change(SetStatusDocument, { input });
        return `The status is ${setStatus.presence.status.name} now.`;
      }),
    lock: (statusId, reason, until) =>
      this.act(async (user) => {
        const input = { user, statusId, reason, until };
        const { lockStatus } = await this.gateway.change(LockStatusDocument, { input });
        const { status, lock } = lockStatus.presence;
        return `Locked in ${status.name} until ${lock?.until ? clockTime(lock.until) : "released"}.`;
      }),
    unlock: () =>
      this.act(async (user) => {
        const input = { user };
        const { unlockStatus } = await this.gateway.change(UnlockStatusDocument, { input });
        return `Unlocked. The status is ${unlockStatus.presence.status.name} now.`;
      }),
    reserve: (channel, ttlSeconds) =>
      this.act(async (user) => {
        const input = { user, channel, ttlSeconds };
        const { reserveUserForLiveChannel } = await this.gateway.change(ReserveDocument, { input });
        const { reservation } = reserveUserForLiveChannel;
        return `Reserved for ${reservation.channel} until ${clockTime(reservation.expiresAt)}.`;
      }),
    release: (id, fencingToken) =>
      this.act(async () => {
        const input = { id, fencingToken };
        const { releaseReservation } = await this.gateway.change(ReleaseDocument, { input });
        return `Released from ${releaseReservation.reservation.channel}.`;
      }),
    close: () => this.close(),
  };

  /** Runs one action at a time and shows its result as text. */
  private act(action: (user: { id: string }) => Promise<string>): void {
    if (this.isBusy) return;
    this.isBusy = true;
    this.outcome = null;
    this.onChange();
    void action({ id: this.person.user.id })
      .then(
        (text) => ({ text, isRefusal: false }),
        (error: unknown) => ({ text: messageOf(error), isRefusal: true }),
      )
      .then((outcome) => {
        this.isBusy = false;
        this.outcome = outcome;
        this.onChange();
      });
  }
}
