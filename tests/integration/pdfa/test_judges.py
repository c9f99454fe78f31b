"""The judges tell good files from bad ones, else their approval would say nothing."""

from pathlib import Path

import pikepdf

from ocr.compose import compose_pdfa
from tests.integration.pdfa.papers import INFO, jpeg_stream, paper, saved, scan_pdf
from tests.judges.fixtures import Dss, VeraPdf
from tests.judges.render import difference, render_page


def _composed(folder: Path) -> Path:
    source, out = saved(scan_pdf(jpeg_stream(paper().image)), folder / "in.pdf"), folder / "ok.pdf"
    compose_pdfa(source, "application/pdf", [paper().reading], INFO, out)
    return out


def test_verapdf_refuses_what_each_mutation_breaks(tmp_path: Path, verapdf: VeraPdf) -> None:
    good = _composed(tmp_path)
    broken = []
    for name in ("OutputIntents", "Metadata", "OpenAction", "Interpolate"):
        path = tmp_path / f"{name}.pdf"
        with pikepdf.open(good) as pdf:
            if name == "Interpolate":
                pdf.pages[0].Resources.XObject.P0.Interpolate = True
            elif name == "OpenAction":
                action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
                pdf.Root.OpenAction = action
            else:
                del pdf.Root[f"/{name}"]
            pdf.save(path, fix_metadata_version=False)
        broken.append(path)

    verdicts = verapdf([good, *broken, tmp_path / "in.pdf"])

    assert [verdict.passed for verdict in verdicts] == [True, False, False, False, False, False]
    assert all(verdict.failures and verdict.error is None for verdict in verdicts[1:])
    assert verapdf([good], flavour="auto")[0].flavour == "2b"


def test_what_is_no_pdf_is_an_error_and_the_judges_go_on(
    tmp_path: Path, verapdf: VeraPdf, dss: Dss
) -> None:
    junk = tmp_path / "junk.pdf"
    junk.write_bytes(b"junk")
    good = _composed(tmp_path)
    assert [verdict.passed for verdict in verapdf([junk, good])] == [False, True]
    for verdict in dss([junk, good]):
        assert not verdict.ok
        assert verdict.signatures == ()


def test_the_comparison_of_renders_sees_a_missing_word_and_a_blank_page(tmp_path: Path) -> None:
    rendered = render_page(_composed(tmp_path), 1, 100)
    without = rendered.copy()
    without[115:150, 60:400] = 252
    assert difference(rendered, rendered).mean == 0
    assert difference(rendered, without).mean > 0.2
    assert difference(rendered, render_page(tmp_path / "in.pdf", 1, 100)).mean < 0.5
    assert difference(rendered, without * 0 + 252).mean > 2
