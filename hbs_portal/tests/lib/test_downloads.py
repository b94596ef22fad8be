"""Workbooks as answers: saved under their Vietnamese name, kept by no cache on the way."""

from urllib.parse import unquote

from hbs_portal.lib.downloads import workbook_response


def test_a_workbook_is_saved_under_its_name_and_stays_in_no_cache(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"content")
    response = workbook_response(path, "Còn thiếu K3 “4A” 22-11-2026.xlsx")
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert unquote(disposition.split("utf-8''")[1]) == "Còn thiếu K3 “4A” 22-11-2026.xlsx"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.content == b"content"
