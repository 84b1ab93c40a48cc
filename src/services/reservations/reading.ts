import { stateAt } from "../../domain/reservation.js";
import type { Reservation } from "../../entities/reservation.entity.js";

/** Shows a hold that ran out as expired, whether or not that was written down; needs `readAt`. */
export const reservationAsOfReading = (reservation: Reservation): Reservation =>
  Object.assign(reservation, { state: stateAt(reservation, reservation.readAt) });
