import subprocess
import sys
import zipfile

PACKAGES = ("articles", "storage", "sources", "transforms", "sinks", "reports", "pipelines")


def test_wheel_has_every_module_and_data_file(request, tmp_path):
    root = request.config.rootpath
    found = [path for package in PACKAGES for path in (root / package).rglob("*")]
    expected = {
        path.relative_to(root).as_posix() for path in found if path.is_file() and path.parent.name != "__pycache__"
    }
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
