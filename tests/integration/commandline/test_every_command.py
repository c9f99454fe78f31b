"""What holds for all commands: help in two languages, wrong calls, one way to say version."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import pytest
from typer.main import get_command

from api.cli.main import app
from tests.integration.commandline.calling import sohoa

PROMISED = {
    "digitize", "read", "fields", "verify", "sign", "sign-tasks", "due", "renew", "receipt verify",
    "serve", "worker", "import",
    "search", "once-only check", "audit verify", "check", "reindex", "stats", "users add",
    "users list", "users password", "users close", "users client", "procedures load",
    "procedures export",
    "settings", "doctor", "types list", "types show", "types check", "types test",
    "demo run", "demo office", "demo remove", "backup", "restore", "migrate", "jobs show",
    "jobs pause", "jobs resume", "jobs retry", "retention show", "retention load", "hold list",
    "hold place", "hold lift", "disposal draft", "disposal show", "disposal take-off",
    "disposal approve", "disposal run", "disposal cancel", "fixity",
}  # fmt: skip
NAMES_ONLY = {"officer | organisation", "PKCS#12 (.p12)", "PDF", "B-B | B-T | B-LT | B-LTA",
              "RECEIPT.json"}  # fmt: skip


def commands(node: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    node = get_command(app) if node is None else node
    below = getattr(node, "commands", {})
    if not below:
        yield " ".join(path), node
    for name, child in below.items():
        yield from commands(child, (*path, name))


COMMANDS = dict(commands())


def test_the_promised_commands_are_there() -> None:
    assert set(COMMANDS) >= PROMISED


@pytest.mark.parametrize("name", COMMANDS)
def test_help_speaks_vietnamese_and_english(name: str) -> None:
    answer = sohoa(*name.split(), "--help")
    assert (answer.code, answer.err) == (0, "")
    command = COMMANDS[name]
    assert " ".join(command.help.split())[:30] in " ".join(answer.out.split())
    said = [command.help] + [
        option.help
        for option in command.params
        if getattr(option, "help", None) and not getattr(option, "hidden", False)
    ]
    for sentence in said:
        if sentence not in NAMES_ONLY:
            vietnamese, _, english = sentence.partition("·")
            assert vietnamese.strip(), sentence
            assert english.strip(), sentence
            assert english.isascii(), sentence


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_option_is_a_wrong_call(name: str) -> None:
    answer = sohoa(*name.split(), "--zork")
    assert (answer.code, answer.out) == (2, "")
    assert "--zork" in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ["zork"],
        ["digitize", "there-is-no-such-file.pdf", "--out", "x"],
        ["digitize"],
        ["search"],
        ["once-only", "check", "--procedure", "2.002381"],
        ["sign", "a.pdf", "--as", "king", "--key", "k", "--out", "o"],
    ],
)
def test_a_wrong_call_ends_with_2_and_says_why(words: list[str]) -> None:
    answer = sohoa(*words)
    assert (answer.code, answer.out) == (2, "")
    assert "Error" in answer.err
    assert "Traceback" not in answer.err


def test_the_version_is_that_of_the_package() -> None:
    answer = sohoa("--version")
    assert (answer.code, answer.out, answer.err) == (0, f"{version('sohoa')}\n", "")


def test_the_bare_name_shows_the_commands() -> None:
    answer = sohoa()
    assert "digitize" in answer.out + answer.err
