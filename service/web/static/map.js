// @ts-check
/** Maps that are drawn when they are opened. Whatever comes from data is set as text, never as HTML. */

/** @param {ParentNode} root @param {string} service */
export function drawMaps(root, service) {
  for (const details of root.querySelectorAll("details[data-map]")) {
    const place = /** @type {HTMLDetailsElement} */ (details);
    place.addEventListener("toggle", () => {
      if (place.open && !place.querySelector(".leaflet-pane")) void draw(place, service);
    });
  }
}

/** @param {HTMLDetailsElement} place @param {string} service */
async function draw(place, service) {
  const canvas = /** @type {HTMLElement} */ (place.querySelector(".canvas"));
  const status = place.querySelector(".map-status");
  const said = place.dataset;
  try {
    const [leaflet, areas, sites, offices] = await Promise.all([
      import(`${service}/static/leaflet/leaflet-src.esm.js`),
      read(`${service}/v1/areas?kind=neighbourhood`),
      read(`${service}/v1/areas?kind=special_area`),
      read(`${service}/v1/offices`),
      addStyle(place, `${service}/static/leaflet/leaflet.css`),
    ]);
    canvas.hidden = false;
    if (status) status.textContent = "";
    fill(leaflet, canvas, said, areas, sites, offices);
  } catch {
    canvas.hidden = true;
    if (status) status.textContent = said.failed ?? "";
  }
}

/** @param {string} url */
export async function read(url) {
  const response = await fetch(url, { credentials: "omit" });
  if (!response.ok) throw new Error("no map");
  return response.json();
}

/** @param {HTMLElement} place @param {string} url @returns {Promise<void>} */
export function addStyle(place, url) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = url;
    link.addEventListener("load", () => resolve());
    link.addEventListener("error", () => reject(new Error("no style")));
    place.prepend(link);
  });
}

/**
 * @param {any} leaflet @param {HTMLElement} canvas @param {DOMStringMap} said @param {any} areas @param {any} sites
 * @param {any} offices
 */
function fill(leaflet, canvas, said, areas, sites, offices) {
  const map = emptyMap(leaflet, canvas, said);
  const drawn = leaflet.geoJSON(areas, {
    attribution: escaped(said.credit),
    style: (/** @type {any} */ area) => ({ className: belongs(area, said) ? "area chosen" : "area" }),
  });
  map.fitBounds(viewOf(leaflet, drawn, said)); // a shape is an element once there is something to see
  drawn.addTo(map);
  nameDrawing(canvas, said);
  drawn.eachLayer((/** @type {any} */ layer) =>
    label(layer, layer.feature.properties.name, sentence(said.area, layer.feature.properties.name),
      { permanent: true, direction: "center", className: "area-name" }));
  const special = leaflet.geoJSON(sites, { style: { className: "area site" } }).addTo(map);
  special.eachLayer((/** @type {any} */ layer) =>
    label(layer, layer.feature.properties.name, sentence(said.site, layer.feature.properties.name)));
  const showNames = () => drawn.eachLayer(showWhereItFits);
  map.on("zoomend", showNames);
  showNames();
  for (const office of offices.features) {
    const [lon, lat] = office.geometry.coordinates;
    const marker = leaflet.circleMarker([lat, lon], { radius: 7, className: "office" }).addTo(map);
    label(marker, office.properties.name, sentence(said.office, office.properties.name));
  }
  if (said.lon && said.lat) {
    const here = leaflet.circleMarker([Number(said.lat), Number(said.lon)], { radius: 9, className: "here" }).addTo(map);
    label(here, said.here ?? "", said.here ?? "");
  }
}

/** A map without anything on it but the base map. @param {any} leaflet @param {HTMLElement} canvas @param {DOMStringMap} said */
export function emptyMap(leaflet, canvas, said) {
  const map = leaflet.map(canvas, {
    zoomControl: false,
    zoomSnap: 0.25,
    scrollWheelZoom: false, // the page scrolls, not the map
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  canvas.setAttribute("role", "region");
  canvas.setAttribute("aria-label", said.region ?? "");
  leaflet.control.zoom({ zoomInTitle: said.zoomIn, zoomOutTitle: said.zoomOut }).addTo(map);
  map.attributionControl.setPrefix(false);
  if (said.baseMap) leaflet.tileLayer(said.baseMap, { attribution: escaped(said.baseMapCredit) }).addTo(map);
  return map;
}

/** Name what is drawn for whoever hears it. @param {HTMLElement} canvas @param {DOMStringMap} said */
export function nameDrawing(canvas, said) {
  const drawing = canvas.querySelector("svg");
  drawing?.setAttribute("role", "group");
  drawing?.setAttribute("aria-label", said.region ?? "");
}

/** Whether an area is of the district that the map is about. @param {any} area @param {DOMStringMap} said */
function belongs(area, said) {
  return Boolean(said.district) && area.properties.parent_id === said.district;
}

/** What the map shows first: two kilometres around the point, or the district, or everything.
 * @param {any} leaflet @param {any} drawn @param {DOMStringMap} said
 */
function viewOf(leaflet, drawn, said) {
  if (said.lon && said.lat) return leaflet.latLng(Number(said.lat), Number(said.lon)).toBounds(2000);
  const own = drawn.getLayers().filter((/** @type {any} */ layer) => belongs(layer.feature, said));
  return own.length ? leaflet.featureGroup(own).getBounds() : drawn.getBounds();
}

/** @param {string | undefined} template @param {string} value */
function sentence(template, value) {
  return (template ?? "{name}").split("{name}").join(value);
}

/** Name a shape for whoever sees the page, and for whoever hears it.
 * @param {any} layer @param {string} seen @param {string} heard @param {object} [how] - the name is shown
 */
export function label(layer, seen, heard, how = { sticky: true }) {
  layer.bindTooltip(text(seen), how);
  const shape = layer.getElement();
  shape.setAttribute("tabindex", "-1"); // Leaflet's listeners would make every shape a stop of the Tab key
  shape.setAttribute("role", "img");
  shape.setAttribute("aria-label", heard);
}

/** Show the name of an area where it has room for it; a pointer is told it everywhere. @param {any} layer */
function showWhereItFits(layer) {
  const bounds = layer.getBounds();
  const map = layer._map;
  const room = map.latLngToLayerPoint(bounds.getSouthEast()).x - map.latLngToLayerPoint(bounds.getNorthWest()).x;
  const shown = layer.getTooltip().getElement();
  shown.style.visibility = shown.offsetWidth < room ? "visible" : "hidden";
  const shape = layer.getElement();
  if (shape.querySelector("title")) return;
  const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
  title.textContent = layer.feature.properties.name;
  shape.append(title);
}

/** @param {string} words */
function text(words) {
  const element = document.createElement("span");
  element.textContent = words;
  return element;
}

/** Leaflet reads an attribution as HTML. @param {string | undefined} words */
export function escaped(words) {
  return text(words ?? "").innerHTML;
}
