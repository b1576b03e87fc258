import re
from datetime import timedelta
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

from dangol.ui import josa

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(ROOT.glob("*/templates/**/*.html"))


def draw(source, **values):
    return Template("{% load ui %}" + source).render(Context(values))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_template_needs_a_looser_content_policy(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handler"
    assert not re.search(r"hx-on|js:|javascript:", text), "evaluated code"
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag, tag


def test_a_button_escapes_what_it_is_given():
    html = draw("{% button label hx_post=url key='s' %}", label="<b>", url='/x?a="1"')
    assert "<b>" not in html
    assert 'hx-post="/x?a=&quot;1&quot;"' in html
    assert 'data-key="s"' in html
    assert "<kbd>S</kbd>" in html


def test_an_icon_button_has_a_name():
    assert 'aria-label="고치기"' in draw("{% button icon_name='pencil' title='고치기' %}")


@pytest.mark.parametrize("meaning", ["good", "watch", "bad", "info"])
def test_a_meaning_is_told_by_shape_and_word_too(meaning):
    html = draw("{% badge '지연' meaning %}", meaning=meaning)
    assert 'class="shape"' in html
    assert "지연" in html


def test_an_error_is_tied_to_its_field():
    class Sample(forms.Form):
        name = forms.CharField(label="이름", help_text="계약서대로")

    html = draw("{% field form.name %}", form=Sample({}))
    assert 'aria-invalid="true"' in html
    described = re.search(r'aria-describedby="([^"]+)"', html)[1].split()
    assert all(f'id="{name}"' in html for name in described)


def test_numbers_in_attributes_are_not_grouped(settings):
    settings.USE_THOUSAND_SEPARATOR = True
    html = draw("{% clock 5025 %}{% progress 12840 50000 title='x' %}{% meter 1200 5000 %}")
    assert 'data-left="5025"' in html
    assert 'value="12840" max="50000"' in html
    assert 'aria-valuenow="1200"' in html


@pytest.mark.parametrize(
    ("seconds", "running", "told"),
    [
        (18000 + 1213, True, "5:20:13"),
        (18000 + 1213, False, "5 h 20 min"),
        (28800, False, "8 h"),
        (754, False, "12 min"),
        (-3700, False, "+1 h 1 min"),
    ],
)
def test_a_clock_that_stands_shows_no_seconds(seconds, running, told):
    with translation.override("en"):
        html = draw("{% clock s running=r %}", s=seconds, r=running)
    assert f"<span data-clock-text>{told}</span>" in html


def test_a_time_tells_the_exact_one():
    html = draw("{% ago then %}", then=timezone.now() - timedelta(hours=3))
    assert re.search(r'<time datetime="[^"]+" title="[^"]+" data-ago>', html)


@pytest.mark.parametrize(
    ("value", "shade"), [(None, "heat-none"), (-5, "heat-0"), (50, "heat-5"), (400, "heat-10")]
)
def test_heat_stays_on_its_scale(value, shade):
    assert draw("{% heat_class value 0 100 %}", value=value) == shade


def test_a_sparkline_of_one_value_or_of_equal_ones_does_not_fail():
    assert draw("{% sparkline v %}", v=[1]) == ""
    assert "<path" in draw("{% sparkline v %}", v=[2, 2, None, 2])


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("등급이(가)", "등급이"),
        ("지수이(가)", "지수가"),
        ("서울으로(로)", "서울로"),
        ("VIP은(는)", "VIP는"),
        ("3을(를)", "3을"),
    ],
)
def test_particles_follow_the_sound(text, settled):
    assert josa.settle(text) == settled
