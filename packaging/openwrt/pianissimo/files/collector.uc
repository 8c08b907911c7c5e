// SPDX-License-Identifier: GPL-2.0-only
// What pianissimo wrote last of itself, under the names that its own /metrics has. The functions
// gauge() and the module fs come from prometheus-node-exporter-ucode.
const text = fs.readfile("/var/run/pianissimo/status.json", 16777216);

if (!text)
	return false;

const status = json(text);
const radio_power = gauge("pianissimo_radio_tx_power_dbm");
const radio_saved = gauge("pianissimo_radio_power_saved_db");
const radio_stations = gauge("pianissimo_radio_stations");

gauge("pianissimo_dry_run")(null, status.dry_run ? 1 : 0);
gauge("pianissimo_status_timestamp_seconds")(null, status.wall_ms / 1000.0);
gauge("pianissimo_build_info")({ version: status.version }, 1);

for (let radio in status.interfaces) {
	const labels = { interface: radio.name };
	const full = min(radio.found_dbm, radio.channel_maximum_dbm);

	radio_power(labels, radio.power_dbm);
	radio_saved(labels, full - radio.power_dbm);
	radio_stations(labels, length(radio.stations));
}
