"""``python -m app.cli`` is ``dure``."""

from . import main

main()
