// Where the team stands now: the stop that was opened last, so that a delivery at a door there is written down as of that stop.

import * as live from "./live.js";

let at = null;
live.on("locked", () => (at = null));

export function standAt(trip, stop) {
  at = { trip: trip.id, stop: stop.id, region: stop.region };
}

/** The stop in this village, when the team stands there. */
export function here(region) {
  return at && at.region === region ? at : null;
}
