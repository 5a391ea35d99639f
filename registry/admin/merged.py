"""What became of all forms of a page: for the page, and for the sentence after a save."""

from typing import Any

from registry.admin.collisions import Collision


def collisions(forms: list[Any], formsets: list[Any]) -> list[Collision]:
    """Every choice that is to be made before the page can be saved, in its order."""
    found = [one for form in forms for one in getattr(form, "collisions", [])]
    for formset in formsets:
        found += [one for form in formset.forms for one in getattr(form, "collisions", [])]
        if hasattr(formset, "gone"):
            found += formset.gone.found
    return found


def kept(form: Any, formsets: list[Any]) -> list[str]:
    """What others changed meanwhile and this save left as it was."""
    found = list(getattr(form, "kept", []))
    for formset in formsets:
        found += [label for row in formset.forms for label in getattr(row, "kept", [])]
        if hasattr(formset, "gone"):
            found += formset.gone.kept
    return found


def align(changes: Any) -> None:
    """The rows of a list that comes back stand beside their own forms, whatever its order is by now."""
    changes.formset.forms = [form for form in changes.formset.forms if form.instance.pk is not None]
    changes.result_list = [form.instance for form in changes.formset.forms]
