"""Translation artifacts: a detector a file, all of them in one mapping, and the stage's function."""

from transforms.artifacts.catalogue import DETECTORS, MQM, Detector
from transforms.artifacts.tag import tag
from transforms.artifacts.text import Text

__all__ = ["DETECTORS", "MQM", "Detector", "Text", "tag"]
