"""Taking turns on a name, for as long as a transaction lasts."""

import threading
import time

import pytest
from django.db import connection, transaction

from upskill.core.turns import wait_for_turn

pytestmark = pytest.mark.django_db(transaction=True)


def in_another_transaction(name: str, *, order: list[str], got_it: threading.Event) -> threading.Thread:
    """Somebody else who wants a turn, and notes when they have it."""

    def take() -> None:
        with transaction.atomic():
            wait_for_turn(name)
            order.append("second")
            got_it.set()
        connection.close()

    thread = threading.Thread(target=take)
    thread.start()
    return thread


def test_second_waits_until_the_first_has_committed():
    order: list[str] = []
    got_it = threading.Event()

    with transaction.atomic():
        wait_for_turn("same")
        thread = in_another_transaction("same", order=order, got_it=got_it)
        time.sleep(0.3)
        order.append("first")
    thread.join(timeout=10)

    assert order == ["first", "second"]


def test_another_name_does_not_wait():
    order: list[str] = []
    got_it = threading.Event()

    with transaction.atomic():
        wait_for_turn("one")
        thread = in_another_transaction("two", order=order, got_it=got_it)
        assert got_it.wait(timeout=10)
    thread.join(timeout=10)

    assert order == ["second"]


def test_same_transaction_may_ask_twice():
    with transaction.atomic():
        wait_for_turn("same")
        wait_for_turn("same")


def test_turn_without_a_transaction_is_a_mistake_of_ours():
    with pytest.raises(RuntimeError, match="begin one first"):
        wait_for_turn("same")
