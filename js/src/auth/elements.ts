/** What sign-in forms are made of. */

/** Makes the function that shows that work is under way, and lets nobody start it twice. */
export function busy(
  starter: HTMLButtonElement,
  text: string,
  others: (HTMLButtonElement | HTMLInputElement)[],
): (on: boolean) => void {
  const label = starter.querySelector('span') ?? starter;
  const idle = label.textContent;
  return (on) => {
    label.textContent = on ? text : idle;
    for (const control of [starter, ...others]) control.disabled = on;
    starter.parentElement?.setAttribute('aria-busy', String(on));
  };
}

/** A field with its name above it. */
export function labelled(text: string, input: HTMLInputElement): HTMLElement {
  const label = element('label', 'mooring-login-label');
  const name = element('span', '');
  name.textContent = text;
  label.append(name, input);
  return label;
}

/** A field that Static CMS's styles know. */
export function field(
  name: string,
  type: 'email' | 'password',
  autocomplete: 'username' | 'current-password' | 'new-password',
): HTMLInputElement {
  const input = element('input', 'CMS_TextField_input CMS_TextField_contained');
  input.name = name;
  input.type = type;
  input.autocomplete = autocomplete;
  return input;
}

/** A sentence in a form. What is put into it later is read out. */
export function note(text: string): HTMLElement {
  const made = element('p', 'mooring-login-note');
  made.setAttribute('role', 'status');
  made.textContent = text;
  return made;
}

/** Leads to another form. */
export function linkButton(text: string, press: () => void): HTMLButtonElement {
  const made = element('button', 'mooring-login-link');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', press);
  return made;
}

/** Looks like a button of Static CMS, where its styles are. */
export function button(
  text: string,
  look: 'contained' | 'outlined',
  type: 'button' | 'submit' = 'button',
  mark?: SVGSVGElement,
): HTMLButtonElement {
  const made = element('button', `CMS_Button_root CMS_Button_${look}-primary`);
  made.type = type;
  const label = element('span', '');
  label.textContent = text;
  made.append(...(mark ? [mark] : []), label);
  return made;
}

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  return made;
}
