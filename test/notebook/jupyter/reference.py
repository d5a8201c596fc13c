"""What Python's nbformat makes of notebooks: reads a JSON list of texts, writes one of [whether it is valid, the text as written]."""

import json
import logging
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)

import nbformat
from nbformat.v4.convert import upgrade


def reference(text):
    try:
        nbformat.validate(nbformat.reads(text, as_version=nbformat.NO_CONVERT))
    except Exception:
        return [False, ""]
    notebook = nbformat.reads(text, as_version=4)
    if notebook.nbformat_minor < 5:
        notebook = upgrade(notebook, 4, notebook.nbformat_minor)
    return [True, nbformat.writes(notebook).rstrip("\n") + "\n"]


json.dump([reference(text) for text in json.load(sys.stdin)], sys.stdout)
