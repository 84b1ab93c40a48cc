import { fork } from "node:child_process";
import { join } from "node:path";
import type { DriverMessage, Load, Measured } from "./driver.js";

/**
 * Sends load to a server from another process.
 *
 * @param onWarm called after the warm-up, when the measurement begins
 */
export function drive(load: Load, onWarm: () => void = () => undefined): Promise<Measured> {
  const driver = fork(join(__dirname, "driver.js"), { serialization: "advanced" });
  return new Promise<Measured>((resolve, reject) => {
    driver.on("message", (message: DriverMessage) => {
      if (message.say === "warm") onWarm();
      else if (message.say === "measured") resolve(message.measured);
      else reject(new Error(message.error));
    });
    driver.once("exit", (code) => reject(new Error(`the load driver ended with ${code}`)));
    driver.send(load);
  });
}
