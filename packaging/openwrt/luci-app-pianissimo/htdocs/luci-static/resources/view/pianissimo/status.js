'use strict';
'require view';
'require rpc';
'require poll';
'require dom';
'require ui';

// Every answer has `code` (0: done) and `text` (what the program said).
const ask_status = rpc.declare({ object: 'luci.pianissimo', method: 'status' });
const ask_explain = rpc.declare({ object: 'luci.pianissimo', method: 'explain', params: [ 'last' ] });
const ask_hold = rpc.declare({ object: 'luci.pianissimo', method: 'hold', params: [ 'interface', 'seconds' ] });
const ask_resume = rpc.declare({ object: 'luci.pianissimo', method: 'resume', params: [ 'interface' ] });
const ask_ceiling = rpc.declare({ object: 'luci.pianissimo', method: 'ceiling', params: [ 'interface', 'dbm' ] });

const hold_lengths = [ [ 300, _('5 minutes') ], [ 1800, _('30 minutes') ], [ 7200, _('2 hours') ] ];
const highest_dbm = 36;

function cell(content) {
	return E('td', { 'class': 'td' }, [ content ]);
}

function table(titles, rows, nothing) {
	const head = E('tr', { 'class': 'tr table-titles' },
		titles.map(title => E('th', { 'class': 'th' }, [ title ])));
	const body = rows.length ? rows : [
		E('tr', { 'class': 'tr placeholder' }, [ cell(E('em', [ nothing ])) ])
	];

	return E('table', { 'class': 'table' }, [ head ].concat(body));
}

function as_dbm(number) {
	return '%d dBm'.format(number);
}

// What operators want of an interface, in words.
function wishes(radio, now_ns) {
	const wanted = radio.operator || {};
	const out = [];

	if (wanted.hold && wanted.hold.until_t_ns)
		out.push(_('held for %d s more').format((wanted.hold.until_t_ns - now_ns) / 1e9));
	else if (wanted.hold)
		out.push(_('held'));
	if (wanted.ceiling)
		out.push(_('at most %s').format(as_dbm(wanted.ceiling.dbm)));
	return out.join(', ') || '-';
}

function radio_row(radio, now_ns) {
	const full = Math.min(radio.found_dbm, radio.channel_maximum_dbm);

	return E('tr', { 'class': 'tr', 'data-interface': radio.name }, [
		cell(radio.name),
		cell(_('%d MHz, %d MHz wide').format(radio.frequency_mhz, radio.width_mhz)),
		cell(as_dbm(radio.power_dbm)),
		cell('%d dB'.format(full - radio.power_dbm)),
		cell(wishes(radio, now_ns)),
		cell(radio.why || '-')
	]);
}

function station_row(radio, station) {
	const expected = station.expected_bps;

	return E('tr', { 'class': 'tr' }, [
		cell(station.station),
		cell(radio.name),
		cell(expected ? '%.1f Mbit/s'.format(expected / 1e6) : '-'),
		cell(station.load || '-')
	]);
}

function overview(status) {
	const radios = status.interfaces;
	const stations = [].concat(...radios.map(
		radio => radio.stations.map(station => station_row(radio, station))));
	const left_alone = status.not_driven.map(
		one => E('p', [ _('%s is not driven: %s').format(one.name, one.why) ]));

	return [
		E('p', [ _('pianissimo %s, law %s').format(status.version, status.policy),
			status.dry_run ? _(' (dry run: no power is set)')
				: status.mode === 'recommend' ? _(' (recommends: the power goes down only as far as is approved)') : '' ]),
		table([ _('Interface'), _('Channel'), _('Power'), _('Below full power'), _('Operator'), _('Why') ],
			radios.map(radio => radio_row(radio, status.t_ns)), _('No interface to drive is up.')),
		...left_alone,
		E('h3', [ _('Stations') ]),
		table([ _('Station'), _('Interface'), _('Expected'), _('Load') ], stations,
			_('Nobody is connected.'))
	];
}

// The page as it is now: [ status, explanation ], both as they were answered.
function show(answers) {
	const [ status, decisions ] = answers;
	const lines = decisions.code == 0 ? decisions.text : '';

	dom.content(document.getElementById('pianissimo-overview'), status.code == 0
		? overview(JSON.parse(status.text))
		: E('div', { 'class': 'alert-message warning' }, [ status.text || _('pianissimo does not answer.') ]));
	dom.content(document.getElementById('pianissimo-decisions'), [ lines || _('None yet.') ]);
}

function read() {
	return Promise.all([ ask_status(), ask_explain(20) ]);
}

function say(answer) {
	ui.addNotification(null, E('p', [ answer.text ]), answer.code == 0 ? 'info' : 'warning');
	return read().then(show);
}

function select(id, choices, chosen) {
	return E('select', { 'id': id, 'class': 'cbi-input-select' }, choices.map(
		([ value, text ]) => E('option', Object.assign({ 'value': value },
			value == chosen ? { 'selected': '' } : {}), [ text ])));
}

function chosen(id) {
	return document.getElementById(id).value;
}

function button(id, text, style, act) {
	return E('button', {
		'id': id,
		'class': 'btn cbi-button cbi-button-' + style,
		'click': ui.createHandlerFn(null, () => act(chosen('pianissimo-interface')).then(say))
	}, [ text ]);
}

function controls(status) {
	const radios = status.code == 0 ? JSON.parse(status.text).interfaces : [];
	const interfaces = [ [ '', _('all interfaces') ] ].concat(radios.map(one => [ one.name, one.name ]));
	const levels = [ [ 'auto', _('none') ] ];

	for (let dbm = highest_dbm; dbm >= 0; dbm--)
		levels.push([ String(dbm), as_dbm(dbm) ]);
	return E('div', { 'class': 'cbi-section' }, [
		E('h3', [ _('Until it ends') ]),
		E('p', [ _('These wishes never lead above the settings, the channel and the power found. They end with the daemon.') ]),
		E('p', [ select('pianissimo-interface', interfaces, '') ]),
		E('p', [
			select('pianissimo-length', hold_lengths, 1800), ' ',
			button('pianissimo-hold', _('Hold the power'), 'action',
				name => ask_hold(name, +chosen('pianissimo-length'))), ' ',
			button('pianissimo-resume', _('Drive it again'), 'neutral', name => ask_resume(name))
		]),
		E('p', [
			select('pianissimo-level', levels, 'auto'), ' ',
			button('pianissimo-ceiling', _('Set as the highest power'), 'action',
				name => ask_ceiling(name, chosen('pianissimo-level')))
		])
	]);
}

return view.extend({
	load: read,

	render: function(answers) {
		const page = E('div', [
			E('h2', [ _('Pianissimo') ]),
			E('div', { 'class': 'cbi-section', 'id': 'pianissimo-overview' }),
			controls(answers[0]),
			E('div', { 'class': 'cbi-section' }, [
				E('h3', [ _('Last decisions') ]),
				E('pre', { 'id': 'pianissimo-decisions' })
			])
		]);

		// Once it stands in the document, and then as often as the daemon writes its status.
		window.setTimeout(() => show(answers), 0);
		poll.add(() => read().then(show), 5);
		return page;
	},

	handleSave: null,
	handleSaveApply: null,
	handleReset: null
});
