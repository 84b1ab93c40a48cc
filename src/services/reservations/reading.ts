import { stateAt } from "../../domain/reservation.js";
import type { Reservation } from "../../entities/reservation.entity.js";

/** Applies the expiry of a hold that is not yet written. Needs `readAt`. */
export const reservationAsOfReading = (reservation: Reservation): Reservation =>
  Object.assign(reservation, { state: stateAt(reservation, reservation.readAt) });
