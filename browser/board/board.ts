import { html, nothing, render } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import { element, followCredential } from "../credential.js";
import { PresenceBoard } from "./presence-board.js";

let board: PresenceBoard | undefined;
let renderings = 0;

followCredential((credential, holder) => {
  board?.close();
  board = undefined;
  // Renders the page anew, so that no data of one credential is shown to the next.
  render(holder ? keyed(++renderings, frame()) : nothing, element("main"));
  if (credential !== null && holder) board = new PresenceBoard(credential);
});

function frame() {
  return html`
    <div class="board">
      <h1 class="unseen">Presence board</h1>
      <div class="top">
        <div id="filters"></div>
        <div id="state"></div>
      </div>
      <div class="people-and-panel">
        <div id="people"></div>
        <aside id="panel" aria-labelledby="panel-name" hidden></aside>
      </div>
      <div id="announcer" class="unseen" role="status"></div>
    </div>
  `;
}
