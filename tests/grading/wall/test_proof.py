"""The proof holds where the wall stands, and fails when any layer that a mode rests on is taken away."""

import pytest

from grading.sandbox import landlock
from grading.sandbox.examination import Proof, PropertyResult
from grading.sandbox.modes import Layer, Mode, rests_on, tries
from tests.grading.wall.conftest import USERS, ask_host

pytestmark = pytest.mark.slow  # starts probes of every kind of host

needs_landlock = pytest.mark.skipif(not landlock.version(), reason="This kernel has no Landlock.")


def test_every_promise_of_the_wall_holds(user, mode):
    (proof,) = ask_host("prove", user=user, mode=mode)

    assert proof == {"mode": mode, "holds": True, "missing": []}


def test_the_proof_fails_without_any_layer_that_the_mode_rests_on(user, mode):
    as_root = user == "root"
    needed = rests_on(mode, as_root=as_root)
    if mode is Mode.LANDLOCK and not as_root:
        needed -= {Layer.CAPABILITIES}  # a normal user has none to give up, and the proof sees that there are none
    layers = sorted(needed)

    proofs = ask_host("prove", user=user, mode=mode, without=[[layer] for layer in layers])

    assert [layer for layer, proof in zip(layers, proofs, strict=True) if proof["holds"]] == []


def test_second_locks_may_be_missing(user):
    second = sorted(tries(Mode.NAMESPACE, as_root=user == "root") - rests_on(Mode.NAMESPACE, as_root=user == "root"))

    (proof,) = ask_host("prove", user=user, mode=Mode.NAMESPACE, without=[second])

    assert second == [Layer.LANDLOCK, Layer.CGROUP]
    assert proof["holds"]


@pytest.mark.parametrize("layer", [Layer.SECCOMP, Layer.LANDLOCK], ids=str)
@needs_landlock
def test_what_gets_out_is_seen_from_outside(user, layer):
    (proof,) = ask_host("prove", user=user, mode=Mode.LANDLOCK, without=[[layer]])

    told = " ".join(proof["missing"])
    assert ("UDP port was reached" in told) == (layer is Layer.SECCOMP)
    assert ("/open was reached" in told) == (layer is Layer.LANDLOCK)


@pytest.mark.parametrize(
    ("refuses", "chosen"),
    [
        ([], Mode.NAMESPACE),
        (["landlock"], Mode.NAMESPACE),
        (["mount_setattr"], Mode.NAMESPACE),
        pytest.param(["namespaces"], Mode.LANDLOCK, marks=needs_landlock),
        pytest.param(["mounts"], Mode.LANDLOCK, marks=needs_landlock),
    ],
    ids=str,
)
def test_a_host_gets_the_best_mode_that_it_allows(user, refuses, chosen):
    answer = ask_host("choose", user=user, refuses=refuses)

    assert answer == {"mode": chosen, "holds": True, "missing": []}


def test_a_host_that_allows_neither_is_told_what_is_missing_and_how_to_try_the_service_all_the_same(user):
    refusal = ask_host("choose", user=user, refuses=["namespaces", "landlock"])["refused"]

    assert refusal.startswith("Learner code cannot be confined on this host. What is missing:\n- namespace: ")
    for told in ("network namespace", "rests on (Landlock)", "GRADER_ISOLATION=unsafe-dev"):
        assert told in refusal


def test_a_host_of_its_own_is_believed_only_what_the_canaries_find():
    nothing = ["namespaces", "landlock"]

    untidy = ask_host("choose", user=USERS[0], asked="external", refuses=nothing)

    assert "nothing but its own folder is writable (" in untidy["refused"]
    assert "/tmp/.left-by-a-canary" in untidy["refused"]  # noqa: S108
    if USERS[0] == "root":  # only root can tidy a host up, and give S and T ids of their own
        tidy = ask_host("choose", user="root", asked="external", refuses=nothing, tidy=True)
        assert tidy == {"mode": "external", "holds": True, "missing": []}


def test_root_without_the_right_to_change_its_user_runs_nothing_in_any_mode():
    if USERS[0] != "root":
        pytest.skip("Only root can be without that right.")

    refusals = [ask_host("run", user="root", mode=mode, refuses=["own ids"], codes=["told = 1"]) for mode in Mode]

    assert all(set(answer) >= {"refused"} and answer["status"] != 0 for (answer,) in refusals)


def test_without_protection_everything_is_tried_and_nothing_promised(user):
    answer = ask_host("choose", user=user, asked="unsafe-dev", refuses=["namespaces", "landlock"])

    assert answer == {"mode": "unsafe-dev", "holds": True, "missing": []}


def test_a_proof_names_what_is_broken_and_forgives_second_locks():
    broken = PropertyResult(property="no network", mechanism="seccomp", held=False, detail="TCP port was reached")
    second = PropertyResult(property="Landlock", mechanism="Landlock", held=False, detail="none", required=False)
    kept = PropertyResult(property="Python works", mechanism="scratch folder", held=True)

    assert Proof(mode=Mode.LANDLOCK, results=(broken, second, kept)).missing == ("no network (TCP port was reached)",)
    assert Proof(mode=Mode.LANDLOCK, results=(second, kept)).holds
