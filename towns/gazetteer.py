"""Which territory a file means: by its code, or by its name and what else the file says of it."""

import re
from collections.abc import Collection
from functools import cached_property

from django.db.models import F

from . import successors
from .models import Department, Intercommunality, Territory, Town
from .names import EPCI_KIND, words
from .near_names import NearNames, is_like
from .successors import Former
from .written import (
    NAME_AND_DEPARTMENT,
    NAME_AND_NAME,
    PRINTED,
    SIREN,
    TOWN_CODE,
    code_in,
    is_among,
    is_far,
    name_and_department,
    name_and_postal_code,
)

TOWN_HALL = re.compile(r"^(?:ville|commune|mairie|municipalite) (?:(?:de la|de l|du|des|de|d) )?(?=.)")
CANDIDATES = 5
# Looking for what was meant takes some milliseconds: a file whose every name is wrong gets help with the first ones.
SEARCHES = 500


class UnknownPlace(LookupError):
    """A territory that is not found, or not alone of its name.

    `about` is which part of it is at fault (code, name, department), `candidates` what may be meant.
    """

    def __init__(self, message: str, *, about: str, candidates=()):
        super().__init__(message)
        self.about, self.candidates = about, list(candidates)


def is_siren_of_town(text: str) -> bool:
    return successors.town_of_siren(code_in(text)) is not None


def _keys(model: type[Territory], name: str) -> list[str]:
    """Sort keys to look a name up by: as it is written, then without « Ville de »."""
    return [key for text in (name, TOWN_HALL.sub("", words(name))) if (key := model.sort_key_of(text))]


def _largest_first(rows):
    return rows.order_by(F("population").desc(nulls_last=True), "pk")


class Gazetteer:
    """Finds territories, and remembers those found: a file names the same ones again and again."""

    def __init__(self):
        self._known = {}
        # The territory of each code, and those of each name: (table, code or sort key) to what was read.
        self._coded, self._named = {}, {}
        self._near = {model: NearNames(model) for model in (Town, Intercommunality)}
        self._searches = 0

    def read(self, *, codes: Collection[str] = (), names: Collection[str] = ()):
        """Read in a few queries what rows that say these codes and names will ask for one by one. They may be wrong."""
        # A name is asked for without its département, or whole where something else says the département.
        said = {
            text
            for name in names
            for text in (name, name_and_department(name)[0], name_and_postal_code(name)[0], self._called(name)[0])
        }
        asked = set(map(code_in, codes)) | {one.successor for text in said for one in successors.of_name(text)}
        asked |= {successors.successor_of(code) for code in asked} - {None}
        for model in (Town, Intercommunality):
            rows = model.objects.select_related("department")
            unread = {code for code in asked if (model, code) not in self._coded}
            found = rows.in_bulk(unread)
            self._coded |= {(model, code): found.get(code) for code in unread}
            keys = {key for text in said for key in _keys(model, text)}
            namesakes = {(model, key): [] for key in keys if (model, key) not in self._named}
            for one in _largest_first(rows.current().filter(sort_key__in=[key for _, key in namesakes])):
                namesakes[model, one.sort_key].append(one)
            self._named |= namesakes

    def find(self, *, code: str = "", name: str = "", department: str = "", postal_code: str = "", kind=None):
        """The territory meant, or UnknownPlace.

        A code decides alone, but what is said beside it must not contradict it. A name counts as
        it sorts: without accents, case, hyphens, article or « Ville de ». `kind` is Town,
        Intercommunality or None when the file does not say.
        """
        question = (code, name, department, postal_code, kind)
        if question not in self._known:
            try:
                self._known[question] = self._find(*question)
            except UnknownPlace as unknown:
                self._known[question] = unknown
        if isinstance(answer := self._known[question], UnknownPlace):
            raise answer.with_traceback(None)
        return answer

    def _find(self, code, name, department, postal_code, kind) -> Territory:
        name, posted = name_and_postal_code(name)
        postal_code = postal_code or posted
        if not code and successors.is_district(name):
            self._refuse_former(successors.of_name(name)[0], about="name")
        # A name as we print it says its département whatever stands beside it: it may come from a suggestion.
        bare, number = name_and_department(name, PRINTED if code or department else NAME_AND_DEPARTMENT)
        place = self.department(department) if department else None
        printed = self.department(number, about="name") if number else None
        if not printed:
            bare, printed = self._called(name)
        if code:
            found = self._by_code(code, kind)
            who = f"Le code {found.pk} est celui de {found}, qui"
        else:
            found = self._by_name(bare, printed or place, postal_code, kind)
            who = f"{found}"
        if isinstance(found, Town) and place and found.department_id != place.pk:
            raise UnknownPlace(
                f"{who} n’est pas dans le département {place}.", about="department", candidates=[found.department]
            )
        if code:
            self._check_name(found, name, bare, printed, kind)
        elif postal_code and not printed and isinstance(found, Town) and is_far(postal_code, found):
            raise UnknownPlace(f"{found} n’a pas le code postal {postal_code}.", about="name", candidates=[found])
        return found

    def _check_name(self, found: Territory, name: str, bare: str, printed: Department | None, kind):
        """Refuse the name beside a code where another territory is called so, or, of a name as we print it, none is."""
        # An EPCI is often called by its town; a commune is never called by its EPCI.
        namesakes = self._namesakes(type(found), bare) or self._namesakes(Intercommunality, bare)
        others = [one for one in namesakes if not printed or one.department_id == printed.pk]
        elsewhere = printed and isinstance(found, Town) and found.department_id != printed.pk
        # One that is no more has no namesakes, but a name.
        if found.sort_key in _keys(type(found), bare) and not elsewhere:
            return
        if any(one.successor == found.pk for one in successors.of_name(name)):
            return
        if not namesakes and (not printed or self._namesakes(Town, bare)):
            # An EPCI is called in many ways.
            if not isinstance(found, Town) or not bare or is_like(bare, found.name):
                return
            others = self._close(bare, found.department, kind) or self._close(bare, None, kind)
            if not others:
                return
        # Whoever took the name that we proposed has said that the code is wrong.
        is_chosen = printed and others
        offered = [one for one in others if not kind or isinstance(one, kind)][: CANDIDATES - 1]
        raise UnknownPlace(
            f"Le code {found.pk} est celui de {found}, pas de « {name} ».",
            about="code" if is_chosen else "name",
            candidates=offered if is_chosen else [found, *offered],
        )

    def department(self, text: str, *, about: str = "department") -> Department:
        """« 4 », « 04 », « 4.0 », « 2a », « Oise », « l’Oise (60) », « 04 - Alpes-de-Haute-Provence »."""
        code = re.match(r"(\d{1,3}|2[AaBb])(?:[.,]0+)?\b(?!\W*\d)", text) or re.search(r"\((\d{1,3}|2[AaBb])\)", text)
        for key in (code and code[1].upper().zfill(2), Department.sort_key_of(text)):
            if found := self._departments.get(key):
                return found
        close = Department.objects.found_by(text).alphabetical()[:CANDIDATES]
        raise UnknownPlace(
            f"« {text} » n’est pas un département : écrivez son numéro ou son nom.",
            about=about,
            candidates=close,
        )

    @cached_property
    def _departments(self) -> dict[str, Department]:
        """By code, and by sort key."""
        rows = Department.objects.all()
        return {key: department for department in rows for key in (department.code, department.sort_key)}

    def _called(self, name: str) -> tuple[str, Department | None]:
        """« Compiègne, Oise » gives Compiègne and Oise; a name that names no département stays as it is."""
        bare, called = name_and_department(name, NAME_AND_NAME)
        found = self._departments.get(Department.sort_key_of(called)) if called else None
        return (bare, found) if found else (name, None)

    def _by_code(self, text: str, kind) -> Territory:
        code = code_in(text)
        if TOWN_CODE.fullmatch(code):
            if found := self._of_code(Town, code):
                return self._of_kind(found, kind)
            self._refuse_former(successors.of_code(code))
            by_post = Town.objects.current().found_by(code).by_relevance(code)[:CANDIDATES] if code.isdigit() else []
            what = "c’est un code postal" if by_post else "vérifiez-le, ou écrivez le nom et le département"
            raise UnknownPlace(f"Aucune commune n’a le code INSEE {code} : {what}.", about="code", candidates=by_post)
        if SIREN.fullmatch(code):
            if found := self._of_code(Intercommunality, code):
                return self._of_kind(found, kind)
            if (town := successors.town_of_siren(code)) and (found := self._of_code(Town, town)):
                return self._of_kind(found, kind)
            self._refuse_former(successors.of_code(code))
            raise UnknownPlace(
                f"Aucune intercommunalité ni commune n’a le SIREN {code} ; pour une commune, écrivez son code INSEE.",
                about="code",
            )
        raise UnknownPlace(f"« {text} » n’est ni un code INSEE (5 caractères) ni un SIREN (9 chiffres).", about="code")

    def _refuse_former(self, former: Former | None, about: str = "code"):
        """Tell what has taken the place of a territory that is no more."""
        if former and (found := self._successor(former)):
            raise UnknownPlace(former.became(found), about=about, candidates=[found])

    def _successor(self, former: Former) -> Territory | None:
        return self._of_code(Town if former.is_town else Intercommunality, former.successor)

    def _of_code(self, model: type[Territory], code: str) -> Territory | None:
        if (model, code) not in self._coded:
            self._coded[model, code] = model.objects.select_related("department").filter(pk=code).first()
        return self._coded[model, code]

    def _of_kind(self, found: Territory, kind) -> Territory:
        if kind and not isinstance(found, kind):
            raise UnknownPlace(
                f"{found} est une {found._meta.verbose_name}, pas une {kind._meta.verbose_name}.", about="code"
            )
        return found

    def _by_name(self, name: str, place: Department | None, postal_code: str, kind) -> Territory:
        if not name:
            raise UnknownPlace("Indiquez la collectivité : son code, ou son nom et son département.", about="name")
        found, elsewhere = [], []
        for model in [kind] if kind else [Town, Intercommunality]:
            namesakes = self._namesakes(model, name)
            # An EPCI may well lie in two départements: for it the département only tells namesakes apart.
            found = [one for one in namesakes if not place or one.department_id == place.pk]
            if not found and model is Intercommunality and len(namesakes) == 1:
                found = namesakes
            if found:
                break
            elsewhere += namesakes
        if len(found) > 1 and postal_code:
            found = [one for one in found if is_among(postal_code, one)] or found
        if len(found) > 1:
            # Le Mans and Mans sort alike but are not written alike.
            found = [one for one in found if words(one.name) == words(name)] or found
        formers = [(one, now) for one in successors.of_name(name) if (now := self._successor(one))]
        if place:
            formers = [pair for pair in formers if pair[1].department_id == place.pk]
        if kind:
            formers = [pair for pair in formers if isinstance(pair[1], kind)]
        if postal_code and not any(is_among(postal_code, one) for one in found):
            moved = [one for one, now in formers if is_among(postal_code, now)]
            self._refuse_former(moved[0] if moved else None, about="name")
        if len(found) == 1 and not place and not postal_code:
            # Évry is a village of the Yonne, and was the prefecture of the Essonne.
            found += [
                now for _, now in formers if now != found[0] and (now.population or 0) > (found[0].population or 0)
            ]
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownPlace(
                f"Plusieurs collectivités s’appellent « {name} » : précisez le département ou le code.",
                about="name",
                candidates=found[:CANDIDATES],
            )
        if len(formers) == 1:
            self._refuse_former(formers[0][0], about="name")
        where = f" dans le département {place}" if place else ""
        raise UnknownPlace(
            f"Aucune {kind._meta.verbose_name if kind else 'collectivité'} ne s’appelle « {name} »{where}.",
            about="name",
            # A namesake that lies elsewhere contradicts the file.
            candidates=([now for _, now in formers] or self._close(name, place, kind) or elsewhere)[:CANDIDATES],
        )

    def _namesakes(self, model: type[Territory], name: str) -> list[Territory]:
        """The territories of this name, the largest first; the name without « Ville de » if there is none."""
        for key in _keys(model, name):
            if (model, key) not in self._named:
                rows = model.objects.current().select_related("department").filter(sort_key=key)
                self._named[model, key] = list(_largest_first(rows))
            if found := self._named[model, key]:
                return found
        return []

    def _close(self, name: str, place: Department | None, kind) -> list[Territory]:
        """Near names; those of an EPCI first where the name says that it is one."""
        if self._searches == SEARCHES:
            return []
        self._searches += 1
        models = [kind] if kind else [Town, Intercommunality]
        found = [pair for model in models for pair in self._near[model].close_to(name, place)[:CANDIDATES]]
        if not kind and EPCI_KIND.match(words(name)):
            found = [pair for pair in found if isinstance(pair[1], Intercommunality)] or found
        return [one for _, one in sorted(found, key=lambda pair: -pair[0])]
