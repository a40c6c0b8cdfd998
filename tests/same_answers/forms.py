"""The forms of a page as a person sees them: filled in by label, sent by button."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

CONTROLS = {"input", "select", "textarea", "button"}
CHOSEN = {"checkbox", "radio"}
BUTTONS = {"submit", "image"}
OTHERS = {"button", "reset", "file"}


@dataclass
class Control:
    """An input, select or textarea: `options` are values by what is read beside them."""

    name: str
    kind: str
    value: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class Form:
    attributes: dict
    values: list[tuple[str, str]] = field(default_factory=list)
    labelled: dict[str, Control] = field(default_factory=dict)
    buttons: list[tuple[str, dict]] = field(default_factory=list)

    def button(self, text: str) -> dict | None:
        return next((button for said, button in self.buttons if said.startswith(text)), None)

    def filled(self, typed: dict, button: str) -> dict[str, list]:
        """What is sent when these values are typed beside their labels and this button is pressed."""
        data = {}
        for name, value in self.values:
            data.setdefault(name, []).append(value)
        for label, value in typed.items():
            control = self.under(label)
            if control.kind in CHOSEN:
                before = data.get(control.name, []) if control.kind == "checkbox" else []
                data[control.name] = [*before, control.value]
            else:
                values = value if isinstance(value, list) else [value]
                data[control.name] = [control.options.get(one, one) for one in values]
        pressed = self.button(button)
        return data | ({pressed["name"]: [pressed.get("value", "")]} if pressed.get("name") else {})

    def under(self, label: str) -> Control:
        """The control whose label begins so, the shortest one: « Titre » and not « Titre, ligne 1 »."""
        found = [said for said in self.labelled if said.startswith(label)]
        if not found:
            raise LookupError(f"No « {label} » among {list(self.labelled)}")
        return self.labelled[min(found, key=len)]


class Forms(HTMLParser):
    """Forms(html).with_button("Enregistrer"): the first that has such a button."""

    def __init__(self, html: str):
        super().__init__()
        self.forms, self.controls, self.labels = [], {}, []
        self.form = self.label = self.select = self.option = self.area = self.pressed = None
        self.feed(html)
        for target, text, own in self.labels:
            if found := own or self.controls.get(target):
                form, control = found
                form.labelled.setdefault(" ".join(text.split()), control)

    def with_button(self, text: str) -> Form:
        if form := self.find(text):
            return form
        raise LookupError(f"No « {text} » among {[said for form in self.forms for said, _ in form.buttons]}")

    def find(self, text: str) -> Form | None:
        return next((form for form in self.forms if form.button(text)), None)

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.form = Form(attributes)
            self.forms.append(self.form)
        elif tag == "label":
            self.label = [attributes.get("for"), "", None]
            self.labels.append(self.label)
        elif tag == "option" and self.select:
            self.option = [attributes, ""]
        elif tag in CONTROLS and "disabled" not in attributes and (form := self._owner(attributes)):
            getattr(self, f"_{tag}")(form, attributes)

    def handle_data(self, text):
        if self.option:
            self.option[1] += text
        elif self.area:
            self.area.value += text
        elif self.pressed:
            self.pressed[1] += text
        elif self.label:
            self.label[1] += text

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "label":
            self.label = None
        elif tag == "option" and self.option:
            self._close_option()
        elif tag == "select" and self.select:
            self._close_select()
        elif tag == "textarea" and self.area:
            self.owner.values.append((self.area.name, self.area.value.removeprefix("\n")))
            self.area = None
        elif tag == "button" and self.pressed:
            form, text, attributes = self.pressed
            form.buttons.append((" ".join(text.split()), attributes))
            self.pressed = None

    def _owner(self, attributes) -> Form | None:
        named = attributes.get("form")
        return next((form for form in self.forms if named and form.attributes.get("id") == named), self.form)

    def _known(self, form: Form, control: Control, attributes):
        self.owner = form
        if "id" in attributes:
            self.controls[attributes["id"]] = form, control
        if self.label and not self.label[0]:
            self.label[2] = form, control
        if said := attributes.get("aria-label"):
            form.labelled.setdefault(said, control)

    def _input(self, form, attributes):
        kind, value = attributes.get("type", "text"), attributes.get("value", "")
        if kind in BUTTONS:
            form.buttons.append((value, attributes))
        elif name := attributes.get("name"):
            self._known(form, Control(name, kind, value or ("on" if kind in CHOSEN else "")), attributes)
            if kind not in OTHERS and (kind not in CHOSEN or "checked" in attributes):
                form.values.append((name, value or ("on" if kind in CHOSEN else "")))

    def _textarea(self, form, attributes):
        self.area = Control(attributes["name"], "textarea")
        self._known(form, self.area, attributes)

    def _button(self, form, attributes):
        if attributes.get("type", "submit") == "submit":
            self.pressed = [form, "", attributes]

    def _select(self, form, attributes):
        self.select = Control(attributes["name"], "select")
        self._known(form, self.select, attributes)
        self.selected, self.first, self.many = [], None, "multiple" in attributes

    def _close_option(self):
        attributes, text = self.option
        value = attributes.get("value", text.strip())
        self.select.options.setdefault(" ".join(text.split()), value)
        self.first = value if self.first is None else self.first
        if "selected" in attributes:
            self.selected.append(value)
        self.option = None

    def _close_select(self):
        chosen = self.selected or ([] if self.many or self.first is None else [self.first])
        self.owner.values += [(self.select.name, value) for value in chosen]
        self.select = None
