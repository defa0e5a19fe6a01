// @ts-check
/** A map of the features of a page of /ogc, drawn when it is opened. */

import { addStyle, emptyMap, escaped, label, nameDrawing, read } from "./map.js";

for (const details of document.querySelectorAll("details[data-features]")) {
  const place = /** @type {HTMLDetailsElement} */ (details);
  place.addEventListener("toggle", () => {
    if (place.open && !place.querySelector(".leaflet-pane")) void draw(place);
  });
}

/** @param {HTMLDetailsElement} place */
async function draw(place) {
  const canvas = /** @type {HTMLElement} */ (place.querySelector(".canvas"));
  const status = place.querySelector(".map-status");
  const said = place.dataset;
  try {
    const [leaflet, features] = await Promise.all([
      import(`${said.service}/static/leaflet/leaflet-src.esm.js`),
      read(said.features ?? ""),
      addStyle(place, `${said.service}/static/leaflet/leaflet.css`),
    ]);
    canvas.hidden = false;
    if (status) status.textContent = "";
    fill(leaflet, canvas, said, features);
  } catch {
    canvas.hidden = true;
    if (status) status.textContent = said.failed ?? "";
  }
}

/** @param {any} leaflet @param {HTMLElement} canvas @param {DOMStringMap} said @param {any} features */
function fill(leaflet, canvas, said, features) {
  const map = emptyMap(leaflet, canvas, said);
  const drawn = leaflet.geoJSON(features, {
    attribution: escaped(said.credit),
    style: (/** @type {any} */ one) => (one.geometry.type === "Point" ? {} : { className: "area" }),
    pointToLayer: (/** @type {any} */ _, /** @type {any} */ at) =>
      leaflet.circleMarker(at, { radius: 7, className: "office" }),
  });
  map.fitBounds(drawn.getBounds(), { maxZoom: 16 }); // a shape is an element once there is something to see
  drawn.addTo(map);
  nameDrawing(canvas, said);
  drawn.eachLayer((/** @type {any} */ layer) => {
    const { name } = layer.feature.properties;
    label(layer, name, name);
  });
}
