"""Everything that writes: views and mails, goals, watches and issues."""

from dangol.cubes.actions.goals import change_goal, end_goal, set_goal
from dangol.cubes.actions.views import (
    end_view,
    give_back_mail_day,
    save_view,
    share_view,
    subscribe,
    take_mail_day,
    unsubscribe,
)
from dangol.cubes.actions.watches import (
    change_watch,
    close_issue,
    end_watch,
    note_look,
    open_issue,
    set_watch,
    take_issue,
)

__all__ = [
    "change_goal", "change_watch", "close_issue", "end_goal", "end_view", "end_watch",
    "give_back_mail_day", "note_look", "open_issue", "save_view",
    "set_goal", "set_watch", "share_view", "subscribe", "take_issue", "take_mail_day", "unsubscribe",
]  # fmt: skip
