"""The traps of vietnamese.md that concern text."""

import random
import unicodedata
from datetime import date
from decimal import Decimal

import pytest

from hbs_portal.lib.text import (
    clean_code,
    date_long,
    date_short,
    fold,
    looks_like_legacy,
    name_sort_key,
    nfc,
    number_text,
    sort_key,
)


def test_trap_2_a_search_without_diacritics_finds_dong_hai() -> None:
    assert fold("Đông Hải") == fold("ĐÔNG HẢI") == fold("dong hai") == "dong hai"


def test_trap_2_sorting_puts_ap_bac_before_dao_thanh() -> None:
    assert sorted(["Đạo Thạnh", "Dương Hòa", "Ấp Bắc", "An Hòa", "Ẩn Sơn"], key=sort_key) == [
        "An Hòa",
        "Ẩn Sơn",
        "Ấp Bắc",
        "Dương Hòa",
        "Đạo Thạnh",
    ]


def test_tones_sort_level_grave_hook_tilde_acute_dot() -> None:
    words = ["ma", "mà", "mả", "mã", "má", "mạ", "măng", "mâm", "me"]
    shuffled = random.Random(2026).sample(words, len(words))
    assert sorted(shuffled, key=sort_key) == words


def test_a_tone_weighs_less_than_any_later_letter() -> None:
    assert sorted(["Hòa An", "Hoa Ban", "Hoa An", "Hoà Ban"], key=sort_key) == [
        "Hoa An",
        "Hòa An",
        "Hoa Ban",
        "Hoà Ban",
    ]


def test_sort_keys_hold_digits_only_so_that_every_collation_agrees() -> None:
    assert sort_key("Đặng H'Ñuôt (Y-Ƀăm) 漢").isdigit()


def test_spaces_and_numbers_sort_before_letters() -> None:
    assert sorted(["Lớp B", "Lớp 2", "Lớpa"], key=sort_key) == ["Lớp 2", "Lớp B", "Lớpa"]


def test_trap_3_decomposed_and_invisible_characters_are_normalised() -> None:
    messy = unicodedata.normalize("NFD", "\ufeff Nguyễn\u00a0 Văn\u200b\tAn \n")
    assert nfc(messy) == "Nguyễn Văn An"
    assert unicodedata.is_normalized("NFC", nfc(messy))


def test_trap_3_an_invisible_character_between_spaces_leaves_one_space() -> None:
    assert nfc("Lê \u200b An") == "Lê An"


def test_trap_3_nfc_keeps_both_spellings_of_hoa_and_the_fold_unites_them() -> None:
    assert nfc("Hoà") != nfc("Hòa")
    assert fold("Hoà") == fold("Hòa") == "hoa"


def test_an_icelandic_eth_becomes_a_vietnamese_d() -> None:
    assert nfc("\u00d0ặng") == "Đặng"
    assert fold("\u00d0ặng") == "dang"


def test_letters_of_minority_names_are_kept() -> None:
    assert nfc("H'Ñuôt Ƀyă") == "H'Ñuôt Ƀyă"


def test_trap_4_names_sort_by_given_name_then_family_name() -> None:
    names = ["Trần Văn An", "Nguyễn Thị Bình", "Lê Ân", "Bùi Thị An", "Bùi Anh An", "Đỗ Bách"]
    assert sorted(names, key=name_sort_key) == [
        "Bùi Anh An",
        "Bùi Thị An",
        "Trần Văn An",
        "Lê Ân",
        "Đỗ Bách",
        "Nguyễn Thị Bình",
    ]


def test_trap_4_the_tone_of_the_given_name_weighs_more_than_the_family_name() -> None:
    assert sorted(["Bùi Hà", "Vũ Ha", "An Hạ"], key=name_sort_key) == ["Vũ Ha", "Bùi Hà", "An Hạ"]


def test_a_name_of_one_word_or_none_sorts_without_error() -> None:
    assert name_sort_key("") < name_sort_key("An") < name_sort_key("Bùi An")


@pytest.mark.parametrize(
    "text",
    [
        "NguyÔn V¨n A",
        "TrÇn ThÞ H\u00ad¬ng",
        "§ç Thñy",
        "Ph¹m Hång",
        "Lª",
        "L\u00adu",
        "Bïi",
        "Cao B¸",
        "Ng« QuyÒn",
        "Hµ",
    ],
)
def test_trap_5_tcvn3_is_detected(text: str) -> None:
    assert looks_like_legacy(text)


@pytest.mark.parametrize("text", ["Nguyeãn Vaên A", "Traàn Thò Höông", "Leâ Vuõ", "ÑAËNG", "Phaïm Buøi", "Toaøn"])
def test_trap_5_vni_is_detected(text: str) -> None:
    assert looks_like_legacy(text)


@pytest.mark.parametrize("text", ["Nguyá»…n VÄƒn", "Ä‘áº¡o", "HÃ  BÃ¬nh"])
def test_trap_5_utf8_read_as_windows_1252_is_detected(text: str) -> None:
    assert looks_like_legacy(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Thị Hoà",
        "HOÀNG THÚY",
        "Hoàng",
        "Võ Lý Hoà",
        "TOÀN QUÝ",
        "Bùi Xuân Trâm",
        "Đỗ Mười",
        "H'Ñuôt Niê",
        "Y Ñ",
        "«Bình dân»",
        "© 2026, § 5, 20 m², 3×4",
        "Lò Văn Ín",
        "Tr\u00adường",
        "",
        "Nguyen Van A",
        unicodedata.normalize("NFD", "Đoàn Nguyễn Huệ"),
        unicodedata.normalize("NFD", "Hoàng Lý"),
    ],
)
def test_trap_5_unicode_text_is_not_taken_for_a_legacy_encoding(text: str) -> None:
    assert not looks_like_legacy(text)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("0123456789", "0123456789"),
        ("  012 345 678 901 ", "012345678901"),
        (1234567890, "1234567890"),
        (123.0, "123"),
        ("123.0", "123"),
        (123456789012.0, "123456789012"),
        ("'0123", "0123"),
        ("HS-001", "HS-001"),
        ("\u200b079\u00a0", "079"),
        (None, ""),
    ],
)
def test_trap_6_codes_are_text_with_leading_zeros_and_no_decimal_point(cell: object, code: str) -> None:
    assert clean_code(cell) == code


def test_trap_9_numbers_and_dates_read_vietnamese() -> None:
    assert [number_text(0), number_text(1692), number_text(-1234567)] == ["0", "1.692", "-1.234.567"]
    assert number_text(Decimal("1234.5")) == "1.234,5"
    assert date_long(date(2026, 7, 5)) == "ngày 05 tháng 7 năm 2026"
    assert date_long(date(2026, 2, 15)) == "ngày 15 tháng 02 năm 2026"
    assert date_short(date(2026, 9, 5)) == "05/09/2026"
