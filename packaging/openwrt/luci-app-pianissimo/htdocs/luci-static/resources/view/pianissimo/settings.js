'use strict';
'require view';
'require form';

// The daemon checks every value once more; the log names the option that it does not take.
function choice(section, name, title, help, words) {
	const option = section.option(form.ListValue, name, title, help);

	words.forEach(word => option.value(word));
	option.default = words[0];
}

function number(section, name, title, help, range, placeholder) {
	const option = section.option(form.Value, name, title, help);

	option.datatype = range;
	option.placeholder = placeholder;
	option.optional = true;
}

function truth(section, name, title, help, by_default) {
	const option = section.option(form.Flag, name, title, help);

	option.enabled = 'true';
	option.disabled = 'false';
	option.default = by_default;
}

function add_main(map) {
	const section = map.section(form.NamedSection, 'main', 'settings', _('In general'));
	const enabled = section.option(form.Flag, 'enabled', _('Start it'));
	const interfaces = section.option(form.DynamicList, 'interfaces', _('Interfaces'),
		_('auto: every access point. Interfaces in station or mesh mode are driven only if they are named.'));

	enabled.rmempty = false;
	interfaces.placeholder = 'auto';
	choice(section, 'policy', _('Law'),
		_('anchor lowers the power while every station keeps its throughput; the others are for comparisons.'),
		[ 'anchor', 'descend', 'fixed' ]);
	choice(section, 'power_path', _('Power is set through'), _('auto: what the driver obeys.'),
		[ 'auto', 'wiphy', 'interface', 'station' ]);
	truth(section, 'dry_run', _('Dry run'), _('Decide and journal, but set no power.'), 'false');
}

function add_box(map) {
	const section = map.section(form.NamedSection, 'box', 'settings', _('Levels'));

	number(section, 'floor_dbm', _('Lowest'), _('Whole dBm.'), 'range(0,30)', '1');
	number(section, 'ceiling_dbm', _('Highest'),
		_('Whole dBm, or auto: what the channel and the power found at start allow. No number lifts that.'),
		'or("auto",range(0,36))', 'auto');
}

function add_told(map) {
	const privacy = map.section(form.NamedSection, 'privacy', 'settings', _('What is told'));
	const http = map.section(form.NamedSection, 'http', 'settings');
	const listen = http.option(form.Value, 'listen', _('Metrics over HTTP'),
		_('none, or an address and a port of this router. Every user of it can read them there.'));
	const log = map.section(form.NamedSection, 'log', 'settings');
	const journal = map.section(form.NamedSection, 'journal', 'settings');

	choice(privacy, 'stations', _('Stations are named by'),
		_('hmac: a pseudonym that stays the same; mac: the address; none: a number.'),
		[ 'hmac', 'mac', 'none' ]);
	listen.placeholder = 'none';
	choice(log, 'level', _('Log'), null, [ 'info', 'trace', 'debug', 'warn', 'error' ]);
	number(journal, 'budget_bytes', _('Most bytes of the journal'), _('It is in RAM.'),
		'range(65536,1099511627776)', '8388608');
}

return view.extend({
	render: function() {
		const map = new form.Map('pianissimo', _('Pianissimo'),
			_('A transmit-power controller. The file /etc/config/pianissimo takes every further setting of pianissimo.yaml.'));

		add_main(map);
		add_box(map);
		add_told(map);
		return map.render();
	}
});
