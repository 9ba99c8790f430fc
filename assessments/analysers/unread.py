"""Says of an archive, a program or unknown bytes that nothing here reads them."""

from typing import BinaryIO

from assessments.analysers.analysis import Analysis, Skipped
from assessments.analysers.recognising import Recognised


def analyse(content: BinaryIO, recognised: Recognised) -> Analysis:
    return Analysis(
        analyser="none",
        version=1,
        dialect="",
        facts={"label": recognised.label_code},
        skipped=(Skipped("no-reader"),),
    )
