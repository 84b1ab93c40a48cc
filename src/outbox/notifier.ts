/** How processes tell each other that there is something to read. Rings may get lost: readers also look by themselves. */
export interface Notifier {
  /** To be called after a commit that wrote events. Many rings in a short time become one. */
  readonly notify: () => void;
  /** Begins to listen for the rings of all processes. */
  readonly listen: (onRing: () => void) => void;
  /** Whether the rings of other processes can be heard just now. */
  readonly isListening: boolean;
  readonly close: () => Promise<void>;
}
