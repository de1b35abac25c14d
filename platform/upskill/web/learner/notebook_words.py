"""What static/js/notebook says, in the visitor's language. {n} stands for a value."""

from django.utils.translation import gettext as _


def notebook_words() -> dict[str, str]:
    """Every sentence of the page's script by its name there."""
    return _python() | _tools() | _cells() | _advice() | _outputs() | _practice() | _drafts() | _handing_in()


def _python() -> dict[str, str]:
    return {
        "python_starting": _("Python is starting. You can read and write meanwhile."),
        "python_loading": _("Loading {what}. You can read and write meanwhile."),
        "python_ready": _("Python is ready."),
        "python_running": _("Running…"),
        "python_slow": _("This takes long. If it should not, stop it: what you have worked out so far is kept."),
        "python_stuck": _("Python does not react. Restart it: what you wrote is kept, what it had worked out is lost."),
        "python_full": _(
            "Python uses very much memory. Restart it before this page becomes slow: what you wrote is kept."
        ),
        "python_failed": _(
            "Python does not run in this browser now. Restart it, or do the exercise without it, as said at the top "
            "of this page."
        ),
        "python_late": _(
            "Python takes long to start here. Wait for it, restart it, or do the exercise without it, as said at the "
            "top of this page."
        ),
        "files_failed": _("The data of this exercise did not arrive. Check your connection, then restart Python."),
    }


def _tools() -> dict[str, str]:
    return {
        "run_all": _("Run all"),
        "stop": _("Stop"),
        "restart": _("Restart"),
        "stopped": _("Stopped. What was worked out before is kept."),
        "failed": _("Python has ended. Restart it, then run the cells from the top: what you wrote is kept."),
        "restarted": _("Stopped. Python has started again: run the cells from the top."),
    }


def _cells() -> dict[str, str]:
    return {
        "run": _("Run"),
        "run_check": _("Try this check"),
        "ran": _("{cell} has run."),
        "ran_with_error": _("{cell} has stopped with an error. It says what is wrong."),
        "ran_all": _("Everything has run."),
        "your_code": _("Python code of {cell}. Escape, then Tab leaves it."),
        "your_text": _("Your text in {cell}"),
        "original": _("Back to the original"),
        "put_back": _("Put my text back"),
        "cell_running": _("Running…"),
        "cell_passed": _("Has run"),
        "cell_failed": _("Error"),
        "check_running": _("Checking…"),
        "check_passed": _("Passes here"),
        "check_failed": _("Not yet"),
        "check_stale": _("You have changed something since"),
    }


def _advice() -> dict[str, str]:
    """For those who do not know Python's own words: by the name of the error."""
    return {
        "advice_NameError": _("Python does not know this name. Is it spelt as above? Have the cells above been run?"),
        "advice_SyntaxError": _("Python cannot read this line. Look for a missing bracket, quote, comma or colon."),
        "advice_IndentationError": _("The spaces at the start of this line do not fit the lines around it."),
        "advice_ModuleNotFoundError": _("This package is not part of the exercise. It can be done without."),
        "advice_FileNotFoundError": _("There is no such file. The task says how its data files are called."),
        "advice_MemoryError": _("There is not enough memory for this. Work on less data, then restart Python."),
        "advice_NotImplementedError": _("Nothing is written here yet. Put your own code in place of this line."),
    }


def _outputs() -> dict[str, str]:
    return {
        "at_line": _("{cell}, line {line}: {said}"),
        "traceback": _("What Python says in full"),
        "not_downloaded": _(
            "This cell was not run: {names} could not be downloaded. Check your connection, then run it again."
        ),
        "cut": _("There is more. It is left out, so that this page stays fast."),
        "chart": _("Chart. {about}"),
        "chart_of": _("Chart made by {cell}. It has no title that could be read out."),
        "table_of": _("What {cell} shows"),
    }


def _practice() -> dict[str, str]:
    return {
        "check": _("Check my answers"),
        "checking": _("Everything is run from the top, then each check."),
        "all_pass": _("Practice: every check passes here"),
        "some_pass": _("Practice: {right} of {all} pass here"),
        "stale_pass": _("Practice, before your last change: {right} of {all} passed"),
        "stale_passed": _("Passed before"),
        "stale_failed": _("Not passed before"),
        "practice_stale": _("You have changed something since. Check your answers again to see how they do now."),
        "no_checks": _("Practice: everything has run"),
        "mend_first": _("Mend this first:"),
        "no_message": _("It did not run to its end."),
        "practice_only": _(
            "This is practice and counts for nothing. Hand your answer in for its mark: the marking may "
            "look at more than these checks."
        ),
        "practice_keeps": _(
            "Variables and the exercise's files are made anew for each check. Packages stay loaded: if you have "
            "changed something inside one, restart Python before you check."
        ),
    }


def _drafts() -> dict[str, str]:
    return {
        "draft_saving": _("Saving…"),
        "draft_saved": _("Saved at {time}"),
        "draft_offline": _(
            "Not saved: the service cannot be reached. What you write is kept in this tab and saved later."
        ),
        "draft_signed_out": _("Not saved: you were signed out. Reload this page and sign in: your text is kept."),
        "draft_changed": _(
            "Not saved: this exercise has changed since you opened it. Reload this page: your text is kept."
        ),
        "draft_refused": _("Not saved. {words}"),
        "draft_conflict": _("Not saved: this exercise was saved in another window. Choose below which text to keep."),
        "earlier": _("What you wrote in parts that this exercise has no longer"),
        "conflict_title": _("Which text do you want to keep?"),
        "conflict_text": _(
            "This exercise was saved in another window at {time}. Its text differs from what you see here."
        ),
        "saved_there": _("{cell}, as it was saved there"),
        "keep_mine": _("Keep what is here"),
        "take_theirs": _("Take what was saved there"),
    }


def _handing_in() -> dict[str, str]:
    return {
        "hand_in": _("Hand in this answer"),
        "download": _("Download it as a notebook"),
        "attempt": _("Your answer, attempt {n}"),
        "attempt_page": _("The page of this answer"),
        "handed_in": _("Your answer is handed in. Its mark comes here."),
        "not_handed_in": _("Your answer was not handed in"),
        "hand_in_offline": _("The service cannot be reached. Nothing is lost: try again when you are connected."),
        "hand_in_failed": _("Something went wrong on our side. Nothing is lost: try again in a minute."),
        "signed_out": _("You were signed out. Reload this page and sign in: what you wrote is kept in this tab."),
        "poll_offline": _("We cannot reach the service. Your answer is safe. Trying again…"),
    }
