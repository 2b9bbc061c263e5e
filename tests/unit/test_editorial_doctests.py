"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

from transforms import editorial

MODULES = [module.name for module in pkgutil.iter_modules(editorial.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(f"transforms.editorial.{name}")).failed == 0
