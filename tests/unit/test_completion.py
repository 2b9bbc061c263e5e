"""The completion scripts, each asked in its own shell as a key press would ask."""

import os
import pty
import shutil
import subprocess
import time

import pytest

from pipelines.cli import main


@pytest.fixture
def script(tmp_path, capsys, monkeypatch):
    def write(shell, name):
        assert main(["completion", shell]) == 0
        path = tmp_path / "scripts" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(capsys.readouterr().out, "utf-8")
        return path

    folder = tmp_path / "work"
    (folder / "tables").mkdir(parents=True)
    (folder / "wires.toml").touch()
    monkeypatch.chdir(folder)
    return write


CASES = [
    (["newsbeam", "in"], {"ingest", "init", "inspect"}, {"show", "wires.toml"}),
    (["newsbeam", "ingest", "--max-"], {"--max-reject-rate", "--max-payload-size"}, {"--output"}),
    (["newsbeam", "ingest", "--config", "w"], {"wires.toml"}, {"tables"}),
    (["newsbeam", "show", "t"], {"tables"}, {"wires.toml"}),
    (["newsbeam", "completion", ""], {"bash", "zsh", "fish"}, {"tcsh"}),
]


def need(shell):
    return pytest.mark.skipif(shutil.which(shell) is None, reason=f"{shell} is not installed")


@need("bash")
@pytest.mark.parametrize(("words", "offered", "others"), CASES)
def test_bash(script, words, offered, others):
    path = script("bash", "newsbeam")
    quoted = " ".join(f"'{word}'" for word in words)
    asked = f"""
        source {path}
        COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}
        COMP_LINE="${{COMP_WORDS[*]}}"; COMP_POINT=${{#COMP_LINE}}; COMP_TYPE=9; COMP_KEY=9
        "$(complete -p newsbeam | sed -E 's/.*-F ([^ ]+).*/\\1/')" newsbeam '{words[-1]}' '{words[-2]}'
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "--norc", "-c", asked], capture_output=True, text=True, check=True)
    found = {line.rstrip("/ ") for line in done.stdout.splitlines()}
    assert offered <= found
    assert not others & found
    assert done.stderr == ""


@need("fish")
@pytest.mark.parametrize(("words", "offered", "others"), CASES)
def test_fish(script, tmp_path, words, offered, others):
    path = script("fish", "newsbeam.fish")
    command = ["fish", "--no-config", "-c", f"source {path}; complete -C '{' '.join(words)}'"]
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found = {line.partition("\t")[0].rstrip("/") for line in done.stdout.splitlines()}
    assert offered <= found
    assert not others & found


@need("zsh")
@pytest.mark.parametrize(("words", "offered", "others"), CASES)
def test_zsh(script, tmp_path, words, offered, others):
    """zsh completes only in a line editor: one runs in a terminal and gets a tab."""
    folder = script("zsh", "_newsbeam").parent
    control, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "dumb", "HOME": str(tmp_path), "ZDOTDIR": str(tmp_path), "COLUMNS": "200"}
    shell = subprocess.Popen(
        ["zsh", "-f", "-i"], stdin=terminal, stdout=terminal, stderr=terminal, env=environment, start_new_session=True
    )
    os.close(terminal)
    try:
        os.write(control, f"fpath=({folder} $fpath); autoload -Uz compinit; compinit -u; newsbeam() {{}}\n".encode())
        os.write(control, b"PS1=; setopt NO_BEEP AUTO_LIST NO_LIST_AMBIGUOUS; print -r rea''dy\n")
        read_until(control, b"ready")
        os.write(control, " ".join(words).encode() + b"\t")
        shown = read_until(control, max(offered, key=len).encode())
        os.write(control, b"\x03")
    finally:
        shell.kill()
        shell.wait()
        os.close(control)
    text = shown.decode()
    assert all(word in text for word in offered), text
    assert not any(word in text for word in others - set(words)), text


def read_until(control, text, seconds=20.0):
    """All that the terminal says until it has said `text` and fallen silent."""
    os.set_blocking(control, False)
    found, stop = b"", time.monotonic() + seconds
    while time.monotonic() < stop:
        try:
            piece = os.read(control, 65536)
        except BlockingIOError:
            piece = b""
        found += piece
        if text in found and not piece:
            return found
        time.sleep(0.1)
    raise AssertionError(found)
