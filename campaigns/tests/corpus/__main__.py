"""Writes the corpus to a folder: `DEBUG=1 python -m campaigns.tests.corpus FOLDER`."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hbs_portal.settings")
django.setup()

from campaigns.tests.corpus.every import CASES  # noqa: E402

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for case in CASES:
    case.write(folder / case.file_name)
