"""The one question every screen asks before it shows something."""


def may(user, ability: str) -> bool:
    """Whether this person may do it; an empty ability is open to anyone signed in."""
    if not getattr(user, "is_authenticated", False):
        return False
    if not ability:
        return True
    can = getattr(user, "can", None)
    return bool(can(ability)) if can else False
