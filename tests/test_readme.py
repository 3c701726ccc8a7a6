"""What the README promises: two commands of one line, a header for a Space that fits the requirements, and files that exist."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HEADER = dict(re.findall(r"^(\w+): \"?(.*?)\"?$", README.split("---")[1], re.MULTILINE))


def test_the_header_is_that_of_a_gradio_space():
    assert (HEADER["sdk"], HEADER["app_file"], HEADER["license"]) == ("gradio", "app.py", "apache-2.0")
    assert f"gradio[mcp]=={HEADER['sdk_version']}" in (ROOT / "requirements.txt").read_text()
    assert (ROOT / HEADER["app_file"]).is_file()


def test_two_commands_of_one_line_install_and_start_and_install_and_test():
    commands = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert len(commands) == 2
    assert commands[0].endswith("python app.py") and commands[1].endswith(" -m pytest -n 2 --dist loadfile")


def test_ci_runs_the_test_command_as_it_stands():
    script = (ROOT / ".ci" / "run").read_text()
    assert "grep -m 1 '^python3 -m venv .*pytest' README.md" in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True)


def test_every_requirement_is_pinned():
    lines = (ROOT / "requirements.txt").read_text().split()
    assert lines and all(re.fullmatch(r"[\w-]+(\[\w+\])?==[\w.]+", line) for line in lines)


def test_every_file_the_readme_links_to_exists():
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", README) for link in link if link and "://" not in link]
    assert "LICENSE" in links and all((ROOT / link).exists() for link in links)
