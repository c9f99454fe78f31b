"""The command tree, and the one place where errors become sentences and exit codes.

Exit codes: 0 all done; 2 wrong usage; 3 some inputs stopped with a reason;
4 a needed part is missing or unreachable; 5 integrity failure; 130 interrupted.
"""

import errno
import gc
import os
import sys
from typing import Annotated, Final

import typer

from api.cli import (
    bulk,
    doc_types,
    jobs,
    keeping,
    laptop,
    office,
    people,
    retention,
    running,
    signing,
    signing_upkeep,
    upkeep,
)
from api.cli.output import complain, stderr
from vocabulary.errors import MissingPart, SohoaError

# Typer carries its own click; the base of what it says about wrong calls has no public name.
_WrongCall: Final = next(
    one for one in typer.BadParameter.__mro__ if one.__name__ == "ClickException"
)

_INTERRUPTED: Final = 130

app = typer.Typer(
    name="sohoa",
    help="Số hóa giấy tờ một lần, dùng lại mãi: digitise papers once, prove and reuse them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
laptop.add_to(app)
signing.add_to(app)
signing_upkeep.add_to(app)
doc_types.add_to(app)
office.add_to(app)
bulk.add_to(app)
running.add_to(app)
upkeep.add_to(app)
keeping.add_to(app)
retention.add_to(app)
jobs.add_to(app)
people.add_to(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("sohoa"))
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Phiên bản · print version", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    del version  # its callback has said it


def main() -> None:
    """Run the command line; every error ends in one sentence and its exit code."""
    _start_lightly()
    try:
        code = app(standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        code = _INTERRUPTED
    except typer.Exit as ended:
        code = ended.exit_code
    except SohoaError as error:
        complain(error)
        # What is asked for and not there, or does not fit, is a wrong call.
        code = error.exit_code if error.exit_code != SohoaError.exit_code else 2
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        code = 0
    except OSError as error:
        complain(_of_the_system(error))
        code = 4
    except Exception as error:
        if not isinstance(error, _WrongCall):
            raise
        error.show()  # type: ignore[attr-defined]
        code = 2
    if code == _INTERRUPTED:
        stderr.print("sohoa: Đã dừng giữa chừng. Chạy lại lệnh này thì làm tiếp.", markup=False)
        stderr.print("       Interrupted. Run the same command again to go on.", style="dim")
    sys.exit(code if isinstance(code, int) else 0)


def _start_lightly() -> None:
    """Spare a tenth of what starting costs; to be called before numpy is loaded.

    Looking for garbage each time 700 objects were made finds none while modules are loaded.
    Threads for linear algebra would be started for nothing: pages are the unit of parallel work.
    """
    gc.set_threshold(20_000, *gc.get_threshold()[1:])
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _of_the_system(error: OSError) -> MissingPart:
    where = f" «{error.filename}»" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return MissingPart(
            f"Ổ đĩa đã đầy{where}. Hãy dọn chỗ trống rồi chạy lại: việc đã xong không mất.",
            f"The disk is full{where}. Free some space and run again: finished work is kept.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return MissingPart(
            f"Không có quyền đọc hoặc ghi{where}. Hãy chọn thư mục khác hoặc xin quyền.",
            f"No permission to read or write{where}. Choose another folder or ask for the right.",
        )
    return MissingPart(
        f"Hệ thống báo lỗi{where}: {error.strerror}.", f"The system said{where}: {error.strerror}."
    )
