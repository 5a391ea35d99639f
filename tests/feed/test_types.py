"""Which entries the feed tells of, in which order, and that nobody's secrets are among what it tells."""

from registry.access import FieldClass, field_class
from registry.feed.types import Circle, feed_types, left_out
from registry.history.tables import tracked_models

NOT_FOR = {Circle.PUBLIC: {FieldClass.PARTNER, FieldClass.INTERNAL, FieldClass.PERSONAL}}
NOT_FOR[Circle.PARTNER] = NOT_FOR[Circle.PUBLIC] - {FieldClass.PARTNER}


def test_every_tracked_model_is_a_type_or_left_out_with_a_reason() -> None:
    told = [type_.model for type_ in feed_types()]
    assert {*told, *left_out()} == set(tracked_models())
    assert not set(told) & set(left_out())
    assert all(left_out().values())


def test_each_type_comes_after_those_that_it_refers_to() -> None:
    seen: set[object] = set()
    for type_ in feed_types():
        assert type_.parents <= seen, type_.name
        seen.add(type_.model)
    assert len({type_.name for type_ in feed_types()}) == len(feed_types())


def test_what_is_told_is_what_the_circle_may_read() -> None:
    for type_ in feed_types():
        for circle in Circle:
            columns = type_.columns(circle)
            assert columns == sorted(columns)
            assert not {field_class(type_.model, column) for column in columns} & NOT_FOR[circle]
            assert "version" in columns and "id" not in columns
