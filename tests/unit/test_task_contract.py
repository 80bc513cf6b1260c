import contract

from firstepoch.widgets import Task


def test_the_views_interface_is_the_classs_traits():
    assert contract.mismatches(Task, "TaskTraits") == []
