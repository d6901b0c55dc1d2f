// A map on which staff tap where the entrance of a place is. Without it the two numbers are typed by hand.
(() => {
  "use strict";
  const box = document.querySelector("[data-pick]");
  if (!box || !window.L) return;
  const lat = document.getElementById("lat");
  const lon = document.getElementById("lon");
  const typed = () => [Number(lat.value.replace(",", ".")), Number(lon.value.replace(",", "."))];
  const isPoint = ([north, east]) => north > 48 && north < 52 && east > 4 && east < 9;

  box.hidden = false;
  const { tiles, credit, closest } = box.dataset;
  const map = L.map(box, { attributionControl: tiles !== "" });
  if (tiles) L.tileLayer(tiles, { attribution: credit, maxZoom: Number(closest) }).addTo(map);
  // Without tiles the names of communes and, nearer, of villages are there to find one's way.
  const layers = JSON.parse(box.dataset.names).map((places) =>
    L.layerGroup(
      places.map(([name, north, east]) =>
        L.circleMarker([north, east], { radius: 3, weight: 1, interactive: false }).bindTooltip(name, {
          permanent: true,
          direction: "right",
        }),
      ),
    ),
  );
  const choose = () => {
    const near = map.getZoom() > 11 ? 1 : 0;
    layers[near].addTo(map);
    layers[1 - near].remove();
  };
  if (!tiles) map.on("zoomend", choose);
  const pin = L.circleMarker([0, 0], { radius: 10, weight: 4, color: "#a1242b" });
  const show = () => {
    if (isPoint(typed())) pin.setLatLng(typed()).addTo(map);
    else pin.remove();
  };
  const centre = box.dataset.centre.split(",").map(Number);
  if (isPoint(typed())) map.setView(typed(), 14);
  else if (centre.length === 2 && isPoint(centre)) map.setView(centre, 12);
  else map.setView([49.75, 6.13], 9);
  if (!tiles) choose();
  show();

  map.on("click", ({ latlng }) => {
    lat.value = latlng.lat.toFixed(5);
    lon.value = latlng.lng.toFixed(5);
    show();
  });
  lat.addEventListener("change", show);
  lon.addEventListener("change", show);
})();
