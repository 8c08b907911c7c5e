# The text of `uci show pianissimo` as pianissimo.yaml. Behind each line stands where it comes from:
#   floor_dbm: 1  # pianissimo.box.floor_dbm
# What cannot be told in YAML is said on standard error, and the exit code is then 78.

function wrong(where, what) {
	print where ": " what > "/dev/stderr"
	is_wrong = 1
}

# Takes 'a' 'it'\''s' apart, into item[1..]. Below zero: it is not of that form.
function take_apart(text, item,   count, value, at) {
	count = 0
	while (text != "") {
		if (substr(text, 1, 1) != "'") return -1
		text = substr(text, 2)
		value = ""
		for (;;) {
			at = index(text, "'")
			if (at == 0) return -1
			value = value substr(text, 1, at - 1)
			text = substr(text, at + 1)
			if (substr(text, 1, 3) != "\\''") break
			value = value "'"
			text = substr(text, 4)
		}
		item[++count] = value
		sub(/^ /, "", text)
	}
	return count
}

# No value of ours needs a quotation mark or a backslash, so none is let into the file.
function scalar(value, where) {
	if (value ~ /["\\]/ || value ~ /[[:cntrl:]]/)
		wrong(where, "has a quotation mark, a backslash or a control character")
	if (value ~ /^-?[0-9]+(\.[0-9]+)?$/ || value == "true" || value == "false") return value
	return "\"" value "\""
}

function show(value, where,   item, count, i, out) {
	count = take_apart(value, item)
	if (count < 1) {
		wrong(where, "cannot be read")
		return ""
	}
	# A list of one looks like a word here.
	if (count == 1 && (where != "pianissimo.main.interfaces" || item[1] == "auto"))
		return scalar(item[1], where)
	for (i = 1; i <= count; i++) out = out (i > 1 ? ", " : "") scalar(item[i], where)
	return "[" out "]"
}

# The options of a section, which stand in the order in which they came.
function options_of(section, indent,   i, where) {
	for (i = 1; i <= options; i++) {
		if (section_of[i] != section) continue
		where = "pianissimo." section "." name_of[i]
		print indent name_of[i] ": " show(value_of[i], where) "  # " where
	}
}

!/^pianissimo\./ {
	wrong("pianissimo", "a value has a line break")
	next
}

{
	at = index($0, "=")
	path = substr($0, 1, at - 1)
	count = split(path, part, ".")
	section = part[2]
	if (section !~ /^[a-z_]+$/) {
		wrong("pianissimo." section, "a section needs a name of small letters")
		next
	}
	if (count == 2) {
		if (!(section in known)) known[section] = ++sections
		section_named[known[section]] = section
		next
	}
	if (path == "pianissimo.main.enabled") next
	section_of[++options] = section
	name_of[options] = part[3]
	value_of[options] = substr($0, at + 1)
	has_options[section] = 1
}

END {
	options_of("main", "")
	for (s = 1; s <= sections; s++) {
		top = section_named[s]
		sub(/__.*/, "", top)
		if (top == "main" || top in done) continue
		done[top] = 1
		text = ""
		is_open = 0
		for (t = 1; t <= sections; t++) {
			name = section_named[t]
			if (!(name in has_options)) continue
			if (name != top && index(name, top "__") != 1) continue
			if (!is_open) print top ":  # pianissimo." top
			is_open = 1
			if (name == top) {
				options_of(name, "  ")
			} else {
				print "  " substr(name, length(top) + 3) ":  # pianissimo." name
				options_of(name, "    ")
			}
		}
	}
	exit is_wrong ? 78 : 0
}
