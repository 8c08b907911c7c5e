// SPDX-License-Identifier: GPL-2.0-only
// What the browser may ask of pianissimo, through the program's own commands. What came from the
// browser is an argument of its own, and never part of a text that a shell reads.
'use strict';

import { readfile, unlink } from 'fs';

const program = '/usr/sbin/pianissimo';
const state = '/var/run/pianissimo';
const answer = '/var/run/pianissimo.luci';
const most_bytes = 1048576;
const most_ms = 5000;

// rpcd asks one thing after the other, so one file is enough.
function ask(...words) {
	const code = system([ '/bin/sh', '-c', 'umask 077; exec "$@" >"$0" 2>&1 </dev/null', answer,
		program, ...words, '--state-dir', state ], most_ms);
	const text = readfile(answer, most_bytes);

	unlink(answer);
	return { code: code, text: text || '' };
}

// As a whole: to some of ucode's expressions, a line's end is an end, too.
function is_like(pattern, text) {
	return type(text) == 'string' && index(text, '\n') == -1 && !!match(text, pattern);
}

function is_whole(number, least, most) {
	return type(number) == 'int' && number >= least && number <= most;
}

function refused(what) {
	return { code: 64, text: what };
}

// An empty name: all interfaces.
function with_interface(name, words) {
	if (name == null || name == '')
		return ask(...words);
	if (!is_like(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/, name))
		return refused('no name of an interface');
	return ask(...words, name);
}

const methods = {
	status: {
		call: function() {
			return ask('status', '--json');
		}
	},

	explain: {
		args: { last: 20 },
		call: function(request) {
			const last = request.args.last;

			if (!is_whole(last, 1, 100))
				return refused('last: 1..100');
			return ask('explain', '--last', '' + last);
		}
	},

	hold: {
		args: { interface: '', seconds: 1800 },
		call: function(request) {
			const seconds = request.args.seconds;

			if (!is_whole(seconds, 1, 604800))
				return refused('seconds: 1..604800');
			return with_interface(request.args.interface, [ 'hold', '--for', seconds + 's' ]);
		}
	},

	resume: {
		args: { interface: '' },
		call: function(request) {
			return with_interface(request.args.interface, [ 'resume' ]);
		}
	},

	ceiling: {
		args: { interface: '', dbm: 'auto' },
		call: function(request) {
			const dbm = request.args.dbm;

			if (!is_like(/^(auto|[0-9]|[12][0-9]|3[0-6])$/, dbm))
				return refused('dbm: 0..36, or auto');
			return with_interface(request.args.interface, [ 'ceiling', dbm ]);
		}
	}
};

return { 'luci.pianissimo': methods };
