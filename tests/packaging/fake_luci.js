// In the place of LuCI in the browser: as much of its view, rpc, form, ui, poll and dom as our pages
// use. It loads the view that ?view= names, and then does what ?do= says, as somebody at the page would.
'use strict';

const _ = text => text;

String.prototype.format = function(...values) {
  return this.replace(/%(?:\.(\d))?([dsf])/g, (all, digits, kind) => {
    const value = values.shift();
    if (kind == 's') return String(value);
    return Number(value).toFixed(kind == 'd' ? 0 : Number(digits || 6));
  });
};

function E(tag, attributes, children) {
  if (Array.isArray(attributes)) [ attributes, children ] = [ {}, attributes ];
  const element = document.createElement(tag);
  for (const [ name, value ] of Object.entries(attributes || {})) {
    if (typeof value == 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...[].concat(children ?? []).filter(one => one != null));
  return element;
}

async function call(object, method, params) {
  const answer = await fetch('/ubus', { method: 'POST', body: JSON.stringify({ object, method, params }) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

const rpc = {
  declare: ({ object, method, params = [] }) => (...values) =>
    call(object, method, Object.fromEntries(params.map((name, i) => [ name, values[i] ]))),
};

const dom = { content: (element, children) => element.replaceChildren(...[].concat(children)) };

const ui = {
  createHandlerFn: (self, act) => event => Promise.resolve(act.call(self, event)).catch(fail),
  addNotification: (title, content, kind) =>
    document.body.prepend(E('div', { 'class': 'alert-message ' + kind }, [ content ])),
};

// A page is looked at once here.
const poll = { add: () => {} };

class Option {
  constructor(name, title, help) { Object.assign(this, { name, title, help, words: [] }); }
  value(word) { this.words.push(word); }
}
class Value extends Option {
  draw(value) {
    this.input = E('input', { 'placeholder': this.placeholder || '' });
    this.input.value = value ?? '';
    return this.input;
  }
  get text() { return this.input.value; }
}
class DynamicList extends Value {
  draw(value) { return super.draw([].concat(value ?? []).join(' ')); }
  get text() { const words = this.input.value.split(' ').filter(Boolean); return words.length ? words : ''; }
}
class ListValue extends Option {
  draw(value) {
    this.input = E('select', {}, this.words.map(word => E('option', { 'value': word }, [ word ])));
    this.input.value = value ?? this.default;
    return this.input;
  }
  get text() { return this.input.value; }
}
class Flag extends Option {
  draw(value) {
    this.input = E('input', { 'type': 'checkbox' });
    this.input.checked = (value ?? this.default) == (this.enabled || '1');
    return this.input;
  }
  get text() { return this.input.checked ? this.enabled || '1' : this.disabled || '0'; }
}
class NamedSection {
  constructor(name, type, title) { Object.assign(this, { name, type, title, options: [] }); }
  option(Kind, ...rest) { this.options.push(new Kind(...rest)); return this.options.at(-1); }
}
class FormMap {
  constructor(config, title, help) { Object.assign(this, { config, title, help, sections: [] }); }
  section(Kind, ...rest) { this.sections.push(new Kind(...rest)); return this.sections.at(-1); }
  async render() {
    const { values } = await call('uci', 'get', { config: this.config });
    const row = (section, one) => E('div', { 'class': 'row' }, [
      E('label', {}, [ one.title ]),
      E('div', { 'id': 'cbid-' + section.name + '-' + one.name }, [
        one.draw(values[section.name][one.name]), E('div', { 'class': 'help' }, [ one.help || '' ])
      ])
    ]);
    FormMap.shown = this;
    return E('div', {}, [ E('h2', {}, [ this.title ]), E('p', {}, [ this.help ]),
      ...this.sections.map(section => E('div', { 'class': 'cbi-section' },
        [ section.title ? E('h3', {}, [ section.title ]) : '', ...section.options.map(one => row(section, one)) ])),
      E('button', { 'id': 'save', 'class': 'btn', 'click': () => this.save().catch(fail) }, [ 'Save & Apply' ]) ]);
  }
  async save() {
    for (const section of this.sections) {
      const values = Object.fromEntries(section.options.map(one => [ one.name, one.text ]));
      await call('uci', 'set', { config: this.config, section: section.name, values });
    }
    ui.addNotification(null, E('p', {}, [ 'saved' ]), 'info');
  }
}
const form = { Map: FormMap, NamedSection, Value, ListValue, Flag, DynamicList };
const view = { extend: members => members };

function fail(error) {
  document.body.prepend(E('div', { 'class': 'alert-message error' }, [ String(error) ]));
}

async function until(condition) {
  for (let i = 0; i < 400 && !condition(); i++) await new Promise(go => setTimeout(go, 25));
  if (!condition()) throw new Error('it never happened: ' + condition);
}

const said = () => document.querySelector('.alert-message');

// What somebody at the page does.
const acts = {
  look: () => until(() => document.querySelector('#pianissimo-overview td')),
  hold: async () => {
    await acts.look();
    document.getElementById('pianissimo-hold').click();
    await until(said);
  },
  ceiling: async () => {
    await acts.look();
    document.getElementById('pianissimo-level').value = '12';
    document.getElementById('pianissimo-ceiling').click();
    await until(said);
  },
  settings: () => {},
  save: async () => {
    document.querySelector('#cbid-main-enabled input').checked = true;
    document.querySelector('#cbid-main-interfaces input').value = 'phy0-ap0 phy1-ap0';
    document.querySelector('#cbid-box-ceiling_dbm input').value = '17';
    document.getElementById('save').click();
    await until(said);
  },
};

async function main() {
  const asked = new URLSearchParams(location.search);
  const text = await (await fetch('/luci-static/resources/view/' + asked.get('view') + '.js')).text();
  const modules = { view, rpc, dom, ui, poll, form };
  const wanted = [ ...text.matchAll(/^'require (\w+)';$/gm) ].map(match => match[1]);
  const load = new Function('E', '_', ...wanted, text);
  const page = load(E, _, ...wanted.map(name => modules[name]));
  const data = page.load ? await page.load() : null;
  document.getElementById('view').replaceChildren(await page.render(data));
  await acts[asked.get('do')]();
  document.body.setAttribute('data-done', 'yes');
}

main().catch(fail);
