"""`python -m dlm_editor VERB …`"""

import sys

from .cli.main import run

if __name__ == "__main__":
    sys.exit(run())
