"""Makes this checkout importable in its environment and gives it the `dangol` command."""

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

Path(sysconfig.get_path("purelib"), "dangol-checkout.pth").write_text(f"{ROOT}\n")
command = Path(sysconfig.get_path("scripts"), "dangol")
command.write_text(
    f"#!{sys.executable}\nimport sys\nfrom dangol.cli import main\nsys.exit(main())\n"
)
command.chmod(0o755)
