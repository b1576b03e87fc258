import pytest

from dangol.core.models import User


@pytest.fixture
def owner(db):
    return User.objects.create_user("owner@example.com", "pw", name="김서연")


@pytest.fixture
def outsider(db):
    return User.objects.create_user("outsider@example.com", "pw", name="이도윤")


@pytest.fixture
def signed_in(client, owner):
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
