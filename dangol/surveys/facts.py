"""What surveys lends to the lake: responses and answers with their scores, never their free text."""

from django.utils.translation import gettext_lazy as _

from dangol.surveys.models import Answer, Response, Survey
from dangol.warehouse.facts import (
    FactTable,
    count,
    day,
    flag,
    instant,
    key,
    local_day,
    ref,
    register,
    text,
)

register(
    FactTable(
        name="surveys", model=Survey, label=_("Surveys"), grain=_("One survey"), whole=True,
        columns=(
            key(),
            text("code", "{key}", _("Short name")),
            text("process", label=_("Process")),
            text("title", "{questionnaire.title}", _("Title")),
            text("title_en", "{questionnaire.title_en}", _("English title")),
        ),
    ),
    FactTable(
        name="responses", model=Response, label=_("Responses"),
        also=_("survey questionnaire satisfaction happy call"),
        grain=_("One customer's answers to one survey"), time="started_at", customer="customer",
        settled=("place",),
        columns=(
            key(),
            ref("survey", of="surveys", label=_("Survey")),
            ref("thread", of="threads", label=_("Thread")),
            ref("interaction", of="interactions", label=_("Interaction")),
            ref("customer", of="customers", label=_("Customer")),
            ref("place", of="places", label=_("Site")),
            ref("agent", of="staff", label=_("Agent")),
            text("process", label=_("Process")),
            text("channel", label=_("Channel")),
            instant("started_at", label=_("Started")),
            local_day("started_on", "{started_at}", "{place.time_zone}", _("Started on"), _("The day where the site is.")),
            instant("completed_at", label=_("Completed")),
            day("day", label=_("Day"), meaning=_("The day of completion where the site is.")),
            instant("corrected_at", label=_("Corrected")),
            flag("withdrawn", "({withdrawn_at} IS NOT NULL)", _("Withdrawn")),
        ),
    ),
    FactTable(
        name="answers", model=Answer, label=_("Single answers"),
        also=_("satisfaction score NPS CSI rating survey recommendation"),
        grain=_("One answer; the empty question is the respondent's own index"), time="day",
        customer="customer",
        columns=(
            key(),
            ref("response", of="responses", label=_("Response")),
            ref("customer", "customers", "{response.customer}", _("Customer")),
            ref("place", "places", "{response.place}", _("Site")),
            ref("survey", "surveys", "{response.survey}", _("Survey")),
            text("process", "{response.process}", _("Process")),
            text("question", label=_("Question")),
            text("item", label=_("Item"), meaning=_("What the question measures; empty: the index.")),
            text("value", "({value} #>> '{}')", _("Answer"), _("A choice, a step of a scale, yes or no.")),
            count("score", label=_("Score"), meaning=_("Thousandths of a point, 0 to 100,000."), also=_("satisfaction NPS CSI rating points")),
            instant("completed_at", "{response.completed_at}", _("Completed")),
            day("day", "{response.day}", _("Day")),
            text("channel", "{response.channel}", _("Channel")),
            ref("agent", "staff", "{response.agent}", _("Agent")),
            flag("counts", "({response.completed_at} IS NOT NULL AND {response.withdrawn_at} IS NULL)",
                 _("Counts"), _("Completed and not withdrawn.")),
        ),
    ),
)  # fmt: skip
