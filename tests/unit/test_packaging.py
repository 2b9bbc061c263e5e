import subprocess
import sys
import zipfile

PACKAGES = ("articles", "sources", "transforms", "sinks", "reports", "pipelines")


def test_wheel_has_every_module_and_data_file(request, tmp_path):
    root = request.config.rootpath
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PACKAGES],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    expected = {name for name in listed if name and (root / name).is_file()}
    source = tmp_path / "source"
    for name in [*expected, "pyproject.toml", "README.md", "LICENSE"]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((root / name).read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "--wheel-dir", str(tmp_path), str(source)], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert expected - names == set()
    assert any(name.endswith("entry_points.txt") for name in names)
